"""The settings of mail: a server can be named, secrets come from a file, and what cannot work stops the start."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from mainstay.errors import ConfigurationError
from mainstay.mail.settings import MailSettings, Server, language_or, mode_of, public_link
from mainstay.settings import Configuration, CoreSettings

KEY = SecretStr("wet paint on ninety wooden chairs")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAKERY_PUBLIC_URL", "https://bakery.example/")
    monkeypatch.setenv("BAKERY_MAIL_SENDER", "desk@bakery.example")


def load(monkeypatch: pytest.MonkeyPatch, **variables: str) -> MailSettings:
    for name, value in variables.items():
        monkeypatch.setenv(f"BAKERY_MAIL_{name}", value)
    return MailSettings.load("bakery")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server("mail.example", 587, "starttls")),
        ("smtp://mail.example:25", Server("mail.example", 25, "starttls")),
        ("smtps://mail.example", Server("mail.example", 465, "tls")),
        (
            "smtps://ada%40mail.example:p%2Fw@mail.example",
            Server("mail.example", 465, "tls", "ada@mail.example", "p/w"),
        ),
        ("smtp://localhost:1025", Server("localhost", 1025, "plain")),
        ("smtp://127.0.0.1", Server("127.0.0.1", 587, "plain")),
        ("smtps://localhost", Server("localhost", 465, "tls")),
        ("smtp://localhost.evil.example", Server("localhost.evil.example", 587, "starttls")),
    ],
)
def test_the_url_names_a_server_and_only_this_machine_goes_without_encryption(
    monkeypatch: pytest.MonkeyPatch, url: str, server: Server
) -> None:
    assert load(monkeypatch, URL=url).server() == server


@pytest.mark.parametrize(
    "url", ["http://mail.example", "mail.example", "smtp://", "smtp://mail.example/path", "smtp://mail.example?tls=no"]
)
def test_a_url_that_names_no_server_stops_the_start(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with pytest.raises(ConfigurationError, match="must look like"):
        load(monkeypatch, URL=url)


@pytest.mark.practice(6)
def test_the_password_comes_from_a_file_and_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("postal-pigeons-9\n")

    settings = load(monkeypatch, URL="smtps://shop@mail.example", PASSWORD_FILE=str(tmp_path / "password"))

    assert settings.server().password == "postal-pigeons-9"
    assert "pigeons" not in repr(settings)
    assert "pigeons" not in repr(settings.server())


def test_a_password_in_a_variable_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, URL="smtps://shop@mail.example", PASSWORD="pigeons").server().password == "pigeons"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"URL": "smtps://shop@mail.example"}, "belong together"),
        ({"URL": "smtps://mail.example", "PASSWORD": "pigeons"}, "belong together"),
        ({"URL": "smtps://shop@mail.example", "PASSWORD_FILE": "/nowhere"}, "cannot be read"),
        ({"SENDER": "no address"}, "not an e-mail"),
        ({"LANGUAGE": "tlh"}, "MAIL_LANGUAGE"),
    ],
)
def test_what_does_not_fit_stops_the_start_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ConfigurationError, match=sentence) as failure:
        load(monkeypatch, **variables)

    assert "pigeons" not in str(failure.value)


def test_mail_needs_an_address_to_make_links_of_and_one_to_come_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BAKERY_PUBLIC_URL")
    with pytest.raises(ConfigurationError, match="BAKERY_PUBLIC_URL"):
        load(monkeypatch, URL="smtps://mail.example")
    monkeypatch.setenv("BAKERY_PUBLIC_URL", "https://bakery.example")
    monkeypatch.delenv("BAKERY_MAIL_SENDER")

    with pytest.raises(ConfigurationError, match="BAKERY_MAIL_SENDER"):
        load(monkeypatch)


def test_without_a_name_the_program_writes_under_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch).sender_name == "Bakery"
    assert load(monkeypatch, SENDER_NAME="Corner\u2028Bakery").sender_name == "Corner Bakery"


@pytest.mark.parametrize(
    ("environment", "url", "mode"),
    [
        ("development", None, "mailbox"),
        ("test", None, "off"),
        ("production", None, "off"),
        ("production", "smtps://mail.example", "smtp"),
        ("development", "smtps://mail.example", "smtp"),
        ("development", " ", "mailbox"),
    ],
)
def test_without_a_server_mail_stays_here_in_development_and_is_off_elsewhere(
    monkeypatch: pytest.MonkeyPatch, environment: str, url: str | None, mode: str
) -> None:
    settings = load(monkeypatch, **({} if url is None else {"URL": url}))
    core = CoreSettings.model_validate({"environment": environment, "secret_key": KEY})

    assert mode_of(Configuration((core, settings))) == mode


def test_a_program_without_mail_or_without_a_key_sends_none() -> None:
    assert mode_of(Configuration((CoreSettings(secret_key=KEY),))) == "off"
    assert mode_of(Configuration((CoreSettings(), MailSettings()))) == "off"


def test_links_are_of_the_public_address() -> None:
    assert public_link(Configuration((CoreSettings(public_url="https://bakery.example/"),)), "/join#x") == (
        "https://bakery.example/join#x"
    )
    assert public_link(Configuration((CoreSettings(port=8123),)), "/") == "http://localhost:8123/"


def test_a_language_that_nobody_chose_is_the_programs() -> None:
    assert language_or(MailSettings(language="ru"), None) == "ru"
    assert language_or(MailSettings(language="ru"), "en") == "en"
