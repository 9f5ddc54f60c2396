"""Kinds of kept answers: what goes in comes out, checked, and another form is another name."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from pydantic import BaseModel

from mainstay.cache.kind import Kind


class Price(BaseModel):
    id: UUID
    rate: Decimal
    day: date


class Renamed(BaseModel):
    id: UUID
    rate: Decimal
    day: date
    name: str = ""


PRICE = Price(id=UUID(int=7), rate=Decimal("5.50"), day=date(2026, 11, 30))


def test_an_answer_comes_out_as_it_went_in() -> None:
    kind = Kind("test.price", Price, ())

    assert kind.unpack(kind.pack(PRICE)) == PRICE
    assert kind.pack(PRICE).startswith(b'{"id":')


@pytest.mark.parametrize("packed", [b"", b"\x80\x04K\x01.", b"{}", b'{"id": 1}', b"[" * 10_000])
def test_what_is_no_such_answer_is_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Kind("test.price", Price, ()).unpack(packed)


def test_another_type_has_another_form() -> None:
    assert Kind("test.price", Price, ()).form == Kind("test.other", Price, ("a",)).form
    assert Kind("test.price", Price, ()).form != Kind("test.price", Renamed, ()).form
