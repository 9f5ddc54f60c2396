"""Which fields two people changed differently, and what of an input is told back: every record, and no secret."""

import json
from typing import Any

import pytest
from hypothesis import given as example
from hypothesis import strategies as st
from pydantic import BaseModel, SecretBytes, SecretStr

from mainstay.three_way import Sides, conflicting, given

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("xy"), inner, max_size=2),
    max_leaves=4,
)
RECORDS = st.fixed_dictionaries(dict.fromkeys("abc", VALUES))
CHANGES = st.dictionaries(st.sampled_from("abc"), VALUES)


def text(value: object) -> str:
    """Write a value down: 1 is not true then, and the order of keys says nothing."""
    return json.dumps(value, sort_keys=True)


def merged(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
    """Return what a client makes of the sides where nothing clashes: what either changed."""
    ours = {name for name in mine if text(mine[name]) != text(base[name])}
    return {name: mine[name] if name in ours else theirs[name] for name in base}


@example(RECORDS, CHANGES)
def test_what_others_left_alone_never_clashes(base: dict[str, Any], mine: dict[str, Any]) -> None:
    assert conflicting(base, mine, base) == []


@example(RECORDS, CHANGES, RECORDS)
def test_who_changes_nothing_or_the_same_clashes_with_nobody(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    assert conflicting(base, base, theirs) == []
    assert conflicting(base, {}, theirs) == []
    assert conflicting(base, theirs, theirs) == []
    assert conflicting(base, mine, base | mine) == []


@example(RECORDS, CHANGES, RECORDS)
def test_a_clash_is_where_each_made_something_else_of_it(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    found = set(conflicting(base, mine, theirs))

    assert found == {name for name in mine if len({text(base[name]), text(mine[name]), text(theirs[name])}) == 3}


@example(RECORDS, CHANGES, RECORDS)
def test_both_sides_see_the_same_clashes_and_without_any_their_changes_go_together(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    assert conflicting(base, base | mine, theirs) == conflicting(base, theirs, base | mine)
    if not conflicting(base, mine, theirs):
        both = merged(base, mine, theirs)
        assert conflicting(theirs, both, theirs) == []
        assert conflicting(base, both, base | mine) == []


@example(CHANGES, RECORDS)
def test_without_the_base_all_that_differs_may_clash(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert set(conflicting(None, mine, theirs)) >= set(conflicting(theirs, mine, theirs))
    assert conflicting(None, theirs, theirs) == []
    assert conflicting(None, mine, None) == []


@pytest.mark.parametrize(("mine", "is_clash"), [(1, True), (True, False), (False, False), (0, True)])
def test_a_number_is_no_yes_or_no(mine: object, *, is_clash: bool) -> None:
    assert conflicting({"a": False}, {"a": mine}, {"a": True}) == (["a"] if is_clash else [])  # type: ignore[dict-item]  # any JSON


class Inner(BaseModel):
    """A part of an input with a secret of its own."""

    kind: str = "work"
    token: SecretStr = SecretStr("inner-secret")


class Wanted(BaseModel):
    """An input with secrets at every depth."""

    version: int
    reason: str = ""
    name: str = "left out"
    password: SecretStr | None = None
    seed: SecretBytes | None = None
    parts: list[Inner] = []
    named: dict[str, Inner | SecretStr] = {}


def test_what_was_given_is_told_in_whole_and_no_secret_of_it_at_any_depth() -> None:
    inner = Inner(token=SecretStr("deep-secret"))
    wanted = Wanted(
        version=3,
        reason="because",
        password=SecretStr("hunter-two"),
        seed=SecretBytes(b"seed-secret"),
        parts=[inner, inner],
        named={"one": inner, "two": SecretStr("mapped-secret")},
    )

    told = given(wanted)

    assert told == {"parts": [{"kind": "work"}, {"kind": "work"}], "named": {"one": {"kind": "work"}}}
    assert given(Wanted(version=1, name="Ada"), ["name"]) == {}


def test_a_reply_has_each_side_under_its_name_and_what_clashes() -> None:
    sides = Sides({"a": 1}, {"a": 2}, {"a": 3, "version": 2})

    assert sides.members() == {
        "base": {"a": 1},
        "base_gone": None,
        "mine": {"a": 2},
        "theirs": {"a": 3, "version": 2},
        "conflicts": ["a"],
    }
