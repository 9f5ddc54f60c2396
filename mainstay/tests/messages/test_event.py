"""Events are frozen, strict and have a name."""

from typing import ClassVar
from uuid import UUID

import pytest
from pydantic import ValidationError

from mainstay.messages.event import Event, object_id_of


class LoafBaked(Event):
    """A loaf came out of the oven."""

    name: ClassVar[str] = "bakery.loaf_baked"

    loaf_id: UUID
    grams: int


def test_an_event_cannot_be_changed() -> None:
    event = LoafBaked(loaf_id=UUID(int=1), grams=750)

    with pytest.raises(ValidationError):
        event.grams = 800  # type: ignore[misc]  # that is what is refused


def test_an_event_takes_no_field_that_it_does_not_know() -> None:
    with pytest.raises(ValidationError):
        LoafBaked.model_validate({"loaf_id": UUID(int=1), "grams": 750, "colour": "brown"})


def test_an_event_survives_being_written_as_json() -> None:
    event = LoafBaked(loaf_id=UUID(int=1), grams=750)

    assert LoafBaked.model_validate(event.model_dump(mode="json")) == event


class OvenCleaned(Event):
    """Nothing is about it."""

    name: ClassVar[str] = "bakery.oven_cleaned"

    minutes: int


class LoafSold(Event):
    """A loaf went to somebody."""

    name: ClassVar[str] = "bakery.loaf_sold"
    about: ClassVar[str | None] = "loaf_id"

    sale_id: UUID
    loaf_id: UUID


class LoavesBaked(Event):
    """Many came out of the oven."""

    name: ClassVar[str] = "bakery.loaves_baked"
    about: ClassVar[str | None] = "loaf_ids"

    loaf_ids: list[UUID]


def test_an_event_says_what_it_is_about() -> None:
    assert [kind.object_field() for kind in (LoafBaked, OvenCleaned, LoafSold)] == ["loaf_id", None, "loaf_id"]


def test_the_object_of_an_event_is_named_by_its_id_unless_there_are_none_or_many() -> None:
    sold = LoafSold(sale_id=UUID(int=1), loaf_id=UUID(int=2))

    assert object_id_of(sold) == str(UUID(int=2))
    assert object_id_of(OvenCleaned(minutes=5)) is None
    assert object_id_of(LoavesBaked(loaf_ids=[UUID(int=1)])) is None
