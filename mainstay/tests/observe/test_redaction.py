"""What a line may tell of a value: nothing of secret types and names, however deep, and no more than so much."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

import orjson
import pytest
from pydantic import BaseModel, Field, SecretBytes, SecretStr

from mainstay.keyring import Accepted, Keyring
from mainstay.observe.patterns import REDACTED
from mainstay.observe.redaction import DEEPEST, MORE, MOST_VALUES, redacted

X = REDACTED


@dataclass
class Person:
    name: str
    email: str
    password: str
    key: bytes
    body: str = field(default="hush", repr=False)


class Card(BaseModel):
    number: str
    holder: SecretStr
    hidden: str = Field(default="hush", repr=False)


class Kind(StrEnum):
    MAIL = "ada@shop.example"


class Code(Enum):
    OPEN = SecretStr("hush")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": {"b": {"password": "hush"}}}, {"a": {"b": {"password": X}}}),
        ({"a": [{"token": "hush"}, 1]}, {"a": [{"token": X}, 1]}),
        ((("cookie", "hush"), ["host", "x"]), [["cookie", X], ["host", "x"]]),
        ({"ada@shop.example": 1, 7: "a"}, {X: 1, "7": "a"}),
        ({"password": {"deep": ["hush"]}}, {"password": X}),
        ([SecretStr("hush"), SecretBytes(b"hush"), b"hush", bytearray(b"hush"), memoryview(b"hush")], [X] * 5),
        ([Keyring(b"hush" * 8), Accepted(b"hush")], [X] * 2),
        (Person("Ada", "ada@shop.example", "hush", b"hush"), {"name": "Ada", "email": X, "password": X, "key": X}),
        (Card(number="4111 1111 1111 1111", holder=SecretStr("hush")), {"number": X, "holder": X}),
        ([Kind.MAIL, Code.OPEN], [X, X]),
        (ValueError("password=hush"), f"password={X}"),
        ({"ada@shop.example"}, [X]),
        ([4111111111111111, True, 10**30, 5], [X, True, 10**30, 5]),
        (
            [4111111111111112, 1796038835123456789, -4111111111111111],
            [4111111111111112, 1796038835123456789, -4111111111111111],
        ),
    ],
)
def test_secrets_are_not_told_whatever_is_around_them(value: object, expected: object) -> None:
    assert redacted(value) == expected


def test_what_is_harmless_is_as_it_was() -> None:
    harmless = (1, 2.5, True, None, UUID(int=7), Decimal("1.5"), datetime(2026, 11, 30, tzinfo=UTC), "shop")

    assert [redacted(each) for each in harmless] == list(harmless)


def test_a_value_inside_itself_comes_to_an_end() -> None:
    inside: dict[str, Any] = {}
    inside["again"] = inside

    told, depth = redacted(inside), 0
    while isinstance(told, Mapping):
        told, depth = told["again"], depth + 1

    assert (told, depth) == (MORE, DEEPEST)


def test_of_many_values_only_the_first_are_told() -> None:
    wide = {str(number): ["a", "b"] for number in range(100_000)}

    assert len(orjson.dumps(redacted(wide))) < 20 * MOST_VALUES
