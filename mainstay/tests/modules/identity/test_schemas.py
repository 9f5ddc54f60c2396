"""What identity takes: every script's letters, no control characters, nothing without a limit."""

import pytest
from pydantic import TypeAdapter, ValidationError

from mainstay.modules.identity.schemas.fields import Email, Name, Password
from mainstay.modules.identity.schemas.invitations import AcceptIn
from mainstay.modules.identity.schemas.session import SignInIn

NAMES: TypeAdapter[str] = TypeAdapter(Name)
EMAILS: TypeAdapter[str] = TypeAdapter(Email)


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "Зоя Космодемьянская",
        "O'Brien-Smith",
        "李小龍",
        "मीरा",
        "Nguyễn Thị Minh",
        "👩‍🚀",
        "علی\u200cرضا",
        "<b>Bob</b>",
    ],
)
def test_a_name_keeps_every_letter_of_every_script(name: str) -> None:
    assert NAMES.validate_python(f"  {name} ") == name


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "two\nlines", "bell\x07", "nul\x00", "right\u202eleft"])
def test_a_name_that_is_empty_too_long_or_not_printable_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        NAMES.validate_python(name)


@pytest.mark.parametrize("email", ["a@b", "ada@engine.example", "зоя@пример.рф", "a+b.c_d@e-f.example"])
def test_an_e_mail_has_two_parts(email: str) -> None:
    assert EMAILS.validate_python(f" {email} ") == email


@pytest.mark.parametrize(
    "email", ["", "ada", "@engine", "ada@", "a@b@c", "a b@c", "a@b\r\nBcc: x@y", "a" * 251 + "@b.c"]
)
def test_what_is_no_e_mail_is_refused(email: str) -> None:
    with pytest.raises(ValidationError):
        EMAILS.validate_python(email)


def test_a_password_is_not_looked_at_when_it_is_longer_than_any_may_be() -> None:
    passwords: TypeAdapter[object] = TypeAdapter(Password)
    passwords.validate_python("x" * 128)
    with pytest.raises(ValidationError):
        passwords.validate_python("x" * 129)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (SignInIn, {"email": "a@b", "password": "x", "role": "owner"}),
        (AcceptIn, {"token": "x" * 43, "password": "x", "role": "owner"}),
    ],
)
def test_fields_that_nobody_asked_for_are_refused(kind: type[SignInIn | AcceptIn], values: dict[str, str]) -> None:
    """Mass assignment: a role cannot be slipped in."""
    with pytest.raises(ValidationError, match=r"role"):
        kind.model_validate(values)


def test_passwords_and_tokens_are_not_shown() -> None:
    shown = repr(AcceptIn.model_validate({"token": "t" * 43, "password": "hunter2"}))

    assert "ttt" not in shown
    assert "hunter2" not in shown
