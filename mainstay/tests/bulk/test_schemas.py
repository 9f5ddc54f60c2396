"""What a bulk change takes, and how its types are called in the description of an API."""

from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, ValidationError

from mainstay.bulk.schemas import MOST, NAMED_TWICE, BulkIn, MaybeSeenItemIn, NumberedItemIn, SeenItemIn

KEYS = [str(UUID(int=number)) for number in range(MOST + 1)]


class Paint(BaseModel):
    kind: Literal["paint"]
    colour: str


class Sell(BaseModel):
    kind: Literal["sell"]


class ThingsIn(BulkIn[Annotated[Paint | Sell, Field(discriminator="kind")], SeenItemIn]):
    """One change to many things."""


def items(*keys: str) -> list[dict[str, Any]]:
    return [{"id": key, "version": 1} for key in keys]


def test_one_change_of_several_is_taken_for_up_to_two_hundred_records() -> None:
    wanted = ThingsIn.model_validate({"change": {"kind": "paint", "colour": "red"}, "items": items(*KEYS[:MOST])})

    assert wanted.change == Paint(kind="paint", colour="red")
    assert [(item.id, item.version, item.seen) for item in wanted.items[:1]] == [(UUID(int=0), 1, 1)]
    assert len(wanted.items) == 200


@pytest.mark.parametrize(
    ("change", "given", "place"),
    [
        ({"kind": "sell"}, [], ("items",)),
        ({"kind": "sell"}, items(*KEYS), ("items",)),
        ({"kind": "sell"}, items(KEYS[0], KEYS[1], KEYS[0]), ("items",)),
        ({"kind": "sell"}, [{"id": KEYS[0]}], ("items", 0, "version")),
        ({"kind": "sell"}, [{"id": KEYS[0], "version": 0}], ("items", 0, "version")),
        ({"kind": "sell"}, [{"id": KEYS[0], "version": 1, "name": "x"}], ("items", 0, "name")),
        ({"kind": "burn"}, items(KEYS[0]), ("change",)),
        ({"kind": "paint"}, items(KEYS[0]), ("change", "paint", "colour")),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(
    change: dict[str, str], given: list[dict[str, Any]], place: tuple[str | int, ...]
) -> None:
    with pytest.raises(ValidationError) as refused:
        ThingsIn.model_validate({"change": change, "items": given})

    assert [error["loc"] for error in refused.value.errors()] == [place]


def test_who_names_a_record_twice_is_told_so_in_the_same_words_everywhere() -> None:
    twice = {"change": {"kind": "sell"}, "items": [{"id": 7}, {"id": 8}, {"id": 7}]}

    with pytest.raises(ValidationError, match=NAMED_TWICE):
        BulkIn[Sell, NumberedItemIn].model_validate(twice)


def test_a_version_is_part_of_some_items_only() -> None:
    plain, maybe = NumberedItemIn(id=7), MaybeSeenItemIn(id=UUID(int=1))

    assert (plain.seen, maybe.seen, MaybeSeenItemIn(id=UUID(int=1), version=3).seen) == (None, None, 3)
