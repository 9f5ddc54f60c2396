"""What columns hold, and whether that makes contacts."""

import re

import pytest

from tradepost.crm.exchange.sheet.target import (
    CODE_FORM,
    Chosen,
    SheetMapping,
    Target,
    parse_target,
    target_code,
)


@pytest.mark.parametrize(
    ("targets", "names_contacts"),
    [
        ((None, Target("family")), True),
        ((Target("email", "work"), Target("notes")), True),
        ((Target("notes"), Target("phone_label")), False),
        ((None, None), False),
    ],
)
def test_rows_need_something_to_name_a_contact_by(targets: tuple[Target | None, ...], names_contacts: bool) -> None:
    assert SheetMapping(("a", "b"), targets).names_contacts is names_contacts


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (None, "-"),
        (Target("name"), "name"),
        (Target("phone"), "phone"),
        (Target("phone", "mobile"), "phone:mobile"),
        (Target("email", "", 2), "email::2"),
        (Target("street", "home", 3), "street:home:3"),
    ],
)
def test_a_target_is_the_same_as_text(target: Target | None, code: str) -> None:
    assert target_code(target) == code
    assert parse_target(code) == target
    assert re.fullmatch(CODE_FORM, code)


@pytest.mark.parametrize("code", ["", "nose", "name:work", "name::2", "email:mobile", "phone:nose", "phone:work:x"])
def test_what_is_no_field_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=f": {code}$"):
        parse_target(code)


@pytest.mark.parametrize(
    "chosen", [Chosen(), Chosen((None, Target("name"), Target("phone", "fax", 2)), has_header=False)]
)
def test_a_choice_is_the_same_as_text(chosen: Chosen) -> None:
    assert Chosen.of(chosen.code, has_header=chosen.has_header) == chosen
