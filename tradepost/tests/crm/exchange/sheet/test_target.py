"""Targets and mappings as people change them."""

import pytest

from tradepost.crm.exchange.entry import ExchangeProblem
from tradepost.crm.exchange.sheet.target import SINGLE, SLOTTED, SheetMapping, Target, parse_target


@pytest.mark.parametrize("target", [*map(Target, SINGLE), *(Target(field, "work", 12) for field in SLOTTED)])
def test_a_target_is_had_back_from_its_text(target: Target) -> None:
    assert parse_target(str(target)) == target


def test_a_slot_field_may_stand_alone() -> None:
    assert parse_target("phone") == Target("phone")
    assert str(Target("street")) == "street..1"


@pytest.mark.parametrize("text", ["", "nose", "name.work.1", "phone.nose.1", "phone.work.0", "phone.work.100", "n\n"])
def test_what_is_no_field_is_refused(text: str) -> None:
    with pytest.raises(ExchangeProblem, match="no field"):
        parse_target(text)


def test_a_person_may_give_a_column_another_target() -> None:
    mapping = SheetMapping(("a", "b"), (None, None))
    changed = mapping.changed(1, Target("name"))
    assert (changed.targets, changed.names_contacts) == ((None, Target("name")), True)
    assert (mapping.targets, mapping.names_contacts) == ((None, None), False)


@pytest.mark.parametrize("column", [-1, 2])
def test_a_column_that_is_not_there_is_refused(column: int) -> None:
    with pytest.raises(ExchangeProblem, match="no column"):
        SheetMapping(("a", "b"), (None, None)).changed(column, None)
