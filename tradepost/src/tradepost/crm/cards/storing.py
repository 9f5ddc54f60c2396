"""Readings as JSON and back: a format that is safe to load, whoever wrote it."""

from typing import Final

from pydantic import ConfigDict, TypeAdapter

from mainstay.errors import JsonValue
from tradepost.crm.cards.reading import CardReading

# What a card says must not get into the log with an error.
_READINGS: Final = TypeAdapter(list[CardReading], config=ConfigDict(hide_input_in_errors=True))


def as_json(readings: list[CardReading]) -> JsonValue:
    """Return readings as a database keeps them: without the null characters that none takes and no card has."""
    return _without_null(_READINGS.dump_python(readings, mode="json"))


def from_json(stored: object) -> list[CardReading]:
    """Return readings that were kept. Raises pydantic's ValidationError for anything else."""
    return _READINGS.validate_python(stored)


def _without_null(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {key: _without_null(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_null(one) for one in value]
    return value
