"""What columns hold, and whether that makes contacts."""

import pytest

from tradepost.crm.exchange.sheet.target import SheetMapping, Target


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
