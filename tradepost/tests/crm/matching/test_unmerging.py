"""What an undo makes of a contact: what it was, with what was done since (rule 34)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.crm.matching.unmerging import LISTS, SINGLE, TOGETHER, Kept, undone

PLAIN: dict[str, Any] = dict.fromkeys((*TOGETHER, *SINGLE)) | {field: [] for field in LISTS}


def facts(**known: object) -> dict[str, Any]:
    """Return a contact with some facts."""
    return PLAIN | known


def test_what_nobody_touched_goes_back() -> None:
    before = facts(name="Zoë", title="Buyer", emails=["a"], labels=["x"])
    after = facts(name="Zoe", title=None, emails=["a", "b"], labels=["y"])
    assert undone(before, after, after) == (before, [])


def test_what_was_changed_since_stays_and_is_told() -> None:
    before, after = facts(name="Zoë", title="Buyer"), facts(name="Zoe", title="Head")
    now = facts(name="Zoe", title="Chief")
    assert undone(before, after, now) == (facts(name="Zoë", title="Chief"), [Kept("title", "Chief")])


def test_what_was_changed_back_by_hand_is_nothing_to_tell() -> None:
    before, after = facts(title="Buyer"), facts(title="Head")
    assert undone(before, after, before) == (before, [])


@pytest.mark.parametrize(
    ("before", "after", "now", "result", "kept"),
    [
        (["a"], ["a", "b"], ["a", "b", "c"], ["a", "c"], ["c"]),  # one was added since
        (["a"], ["a", "b"], ["b"], [], []),  # one was taken since
        (["a", "b"], ["a"], ["a", "c"], ["a", "c", "b"], ["c"]),  # the merge had taken one
        (["a"], ["b"], ["b", "a"], ["a"], []),  # the merge's loss was mended by hand
    ],
)
def test_lists_go_back_entry_by_entry(
    before: list[str], after: list[str], now: list[str], result: list[str], kept: list[str]
) -> None:
    found, told = undone(facts(emails=before), facts(emails=after), facts(emails=now))
    assert (found["emails"], told) == (result, [Kept("emails", kept)] if kept else [])


def test_kind_and_company_go_back_together_or_not_at_all() -> None:
    """A company with a company is no contact that the database takes."""
    before, after = facts(kind="company"), facts(kind="person", company_name="Quay")
    found, told = undone(before, after, facts(kind="person", company_name="Harbour"))
    assert [found[field] for field in TOGETHER] == ["person", None, "Harbour"]
    assert told == [Kept("company_name", "Harbour")]


SOME = st.lists(st.sampled_from("abcdef"), unique=True)


@given(SOME, SOME, SOME)
def test_nothing_that_was_added_since_is_lost_and_nothing_comes_twice(
    before: list[str], after: list[str], now: list[str]
) -> None:
    """Whatever was done since: an entry of neither side stays, the merge's own additions go."""
    found = undone(facts(phones=before), facts(phones=after), facts(phones=now))[0]["phones"]
    assert isinstance(found, list)
    assert len(set(map(str, found))) == len(found)
    assert set(now) - set(after) <= set(map(str, found))
    assert set(map(str, found)).isdisjoint(set(after) - set(before))
