"""Redaction: what a line of the log may tell of a value, by its type, its name and what it looks like."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final, TypeVar
from uuid import UUID

from pydantic import BaseModel, SecretBytes, SecretStr

from mainstay.observe.patterns import REDACTED, SECRET, cleaned, is_card

# Whose values are never anybody's.
_HARMLESS: Final = frozenset({bool, float, type(None), UUID, datetime, date, time, timedelta, Decimal})
_SECRETS: Final = (SecretStr, SecretBytes, bytes, bytearray, memoryview)
# A value is told so deep, and so many of the values inside it.
DEEPEST: Final = 8
MOST_VALUES: Final = 500
MORE: Final = "…"
_LEAST_CARD: Final = 10**13
_MOST_CARD: Final = 10**19

Each = TypeVar("Each")


@lru_cache(maxsize=1024)
def is_secret(name: str) -> bool:
    """Whether what has such a name is a secret."""
    return SECRET.search(name) is not None


def redacted(value: object) -> object:
    """Return what the log may tell of a value: what is harmless as it is, a text cleaned, all others in JSON's terms.

    A type whose values are told by nobody has the attribute `__untold__ = True`.
    """
    if type(value) in _HARMLESS or (type(value) is int and value < _LEAST_CARD):
        return value
    return _Walk().told(value, 0)


class _Walk:
    """A walk through one value and what is inside it, which ends after so many."""

    def __init__(self) -> None:
        self._left = MOST_VALUES

    def told(self, value: object, depth: int) -> object:
        """Return what may be told of a value that is so deep inside."""
        self._left -= 1
        if type(value) in _HARMLESS:
            return value
        if isinstance(value, _SECRETS) or getattr(type(value), "__untold__", False) is True:
            return REDACTED
        if isinstance(value, Enum):
            return self.told(value.value, depth)
        if isinstance(value, str):
            return cleaned(str(value))
        if isinstance(value, int):
            return REDACTED if _LEAST_CARD <= value < _MOST_CARD and is_card(str(value)) else value
        return self._inside(value, depth + 1)

    def _inside(self, value: object, depth: int) -> object:
        named = _named(value)
        if named is None and not isinstance(value, list | tuple | AbstractSet):
            return cleaned(str(value))
        if depth > DEEPEST:
            return MORE
        if named is not None:
            return {cleaned(name): self._of(name, each, depth) for name, each in self._some(named)}
        if isinstance(value, list | tuple) and len(value) == 2 and isinstance(value[0], str) and is_secret(value[0]):
            return [value[0], REDACTED]  # a header
        assert isinstance(value, Iterable)  # noqa: S101  it is one of the three
        return [self.told(each, depth) for each in self._some(value)]

    def _of(self, name: str, value: object, depth: int) -> object:
        return REDACTED if is_secret(name) else self.told(value, depth)

    def _some(self, values: Iterable[Each]) -> Iterator[Each]:
        for each in values:
            if self._left <= 0:
                return
            yield each


def _named(value: object) -> Iterable[tuple[str, object]] | None:
    """Return the names and values inside a value that has such; what its `repr` leaves out stays out."""
    if isinstance(value, Mapping):
        return ((str(name), each) for name, each in value.items())
    if isinstance(value, BaseModel):
        kinds = type(value).model_fields
        return ((name, each) for name, each in value if name not in kinds or kinds[name].repr)
    if is_dataclass(value) and not isinstance(value, type):
        return ((each.name, getattr(value, each.name)) for each in fields(value) if each.repr)
    return None
