"""Undoing a merge without undoing what was done since: each value goes back unless somebody changed it (rule 34)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mainstay.errors import JsonValue

# A contact as a merge keeps it: its fields, lists of objects, `foreign` lines, and the ids of its `labels`.
Facts = Mapping[str, JsonValue]

# A person has a company, a company has none: these go back together, or not at all.
TOGETHER = ("kind", "company_id", "company_name")
SINGLE = ("name", "given", "family", "middle", "prefix", "suffix", "title", "department", "language", "notes")
LISTS = ("phones", "emails", "websites", "addresses", "foreign", "labels")


@dataclass(frozen=True, slots=True)
class Kept:
    """What was changed after the merge, and stays: a value, or the entries that were added to a list."""

    field: str
    value: JsonValue


def undone(before: Facts, after: Facts, now: Facts) -> tuple[dict[str, JsonValue], list[Kept]]:
    """Return a survivor as it is to be after the undo, and what was kept of later changes.

    `before` and `after` are the survivor around the merge, `now` is it at present.
    """
    result: dict[str, JsonValue] = {}
    kept: list[Kept] = []
    for group in (TOGETHER, *((field,) for field in SINGLE)):
        changed = [field for field in group if now[field] != after[field]]
        result |= {field: (now if changed else before)[field] for field in group}
        kept += [Kept(field, now[field]) for field in changed if now[field] != before[field]]
    for field in LISTS:
        result[field], added = _list(*(_entries(facts[field]) for facts in (before, after, now)))
        if added:
            kept.append(Kept(field, added))
    return result, kept


def _list(
    before: list[JsonValue], after: list[JsonValue], now: list[JsonValue]
) -> tuple[list[JsonValue], list[JsonValue]]:
    """Return a list without what the merge added and with what it took, and the entries that were added since."""
    if now == after:
        return before, []
    remaining = [entry for entry in now if entry in before or entry not in after]
    taken = [entry for entry in before if entry not in after and entry not in now]
    return [*remaining, *taken], [entry for entry in now if entry not in before and entry not in after]


def _entries(value: JsonValue) -> list[JsonValue]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise TypeError("a list is expected")
    return list(value)
