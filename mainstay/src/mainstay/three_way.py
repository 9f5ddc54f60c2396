"""Three sides of a conflict: a record as somebody read it, as they want it, and as others have made it meanwhile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, SecretBytes, SecretStr

from mainstay.errors import JsonValue

Facts = Mapping[str, JsonValue]
# Why there is no base: it has had its time (or was never kept), or the record never had this version.
Gone = Literal["not_kept", "no_such_version"]
# What is given with a change and is none of the record's own fields.
_OF_THE_CALL: Final = frozenset({"version", "reason"})


@dataclass(frozen=True, slots=True)
class Sides:
    """What the loser of a race has to know; `base` is None for the reason `base_gone`, `theirs` when it is unknown."""

    base: Facts | None
    mine: Facts
    theirs: Facts | None
    base_gone: Gone | None = None

    def members(self) -> dict[str, JsonValue]:
        """Return the members that a reply has of this."""
        return {
            "base": self.base,
            "base_gone": self.base_gone,
            "mine": self.mine,
            "theirs": self.theirs,
            "conflicts": conflicting(self.base, self.mine, self.theirs),
        }


def conflicting(base: Facts | None, mine: Facts, theirs: Facts | None) -> list[str]:
    """Return the fields that both sides changed, each to something else, by name.

    Without the base every field that differs may be one; without theirs nothing can be compared.
    """
    if theirs is None:
        return []
    return sorted(name for name, value in mine.items() if name in theirs and _clash(base, name, value, theirs[name]))


def _clash(base: Facts | None, name: str, mine: JsonValue, theirs: JsonValue) -> bool:
    if _same(mine, theirs):
        return False
    if base is None or name not in base:
        return True
    return not _same(mine, base[name]) and not _same(theirs, base[name])


def _same(one: JsonValue, other: JsonValue) -> bool:
    """Compare as JSON does: 1 is not true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(value, other[name]) for name, value in one.items())
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return one == other


def given(change: BaseModel, leaving_out: Iterable[str] = ()) -> dict[str, JsonValue]:
    """Return the fields of an input that were given, as JSON has them: no secrets, and nothing but the record's own."""
    hidden = _OF_THE_CALL.union(leaving_out)
    # Of an inner model the whole is meant, with what it is where nothing was given.
    wanted = change.model_fields_set - hidden
    plain, live = change.model_dump(mode="json", include=wanted), change.model_dump(include=wanted)
    return {name: _open(live[name], value) for name, value in plain.items() if not _is_secret(live[name])}


def _open(live: object, plain: JsonValue) -> JsonValue:
    """Return `plain` without what is a secret in `live`, which has the same shape."""
    if isinstance(live, Mapping) and isinstance(plain, Mapping):
        inner = zip(live.values(), plain.items(), strict=True)
        return {name: _open(value, shown) for value, (name, shown) in inner if not _is_secret(value)}
    if isinstance(live, list | tuple) and isinstance(plain, list | tuple):
        return [_open(value, shown) for value, shown in zip(live, plain, strict=True) if not _is_secret(value)]
    return plain


def _is_secret(value: object) -> bool:
    return isinstance(value, SecretStr | SecretBytes)
