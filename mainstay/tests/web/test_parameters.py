"""Query strings are read as FastAPI reads them, by whichever way."""

from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from fastapi import Query
from fastapi.dependencies.utils import get_dependant, request_params_to_args
from pydantic import AliasChoices, BaseModel, Json
from starlette.datastructures import QueryParams

from mainstay.web import parameters
from mainstay.web.parameters import QueryReader


class Colour(Enum):
    """A choice."""

    RED = "red"


class Page(BaseModel):
    """Parameters as a model."""

    limit: int = 10


def ordinary(
    wanted: UUID,
    sort: Literal["name", "-name"] | None = None,
    q: Annotated[str, Query(max_length=5)] = "",
    limit: Annotated[int, Query(ge=1)] = 50,
    price: Decimal | None = None,
    colour: Colour | None = None,
    is_open: bool = False,
    other: Annotated[str | None, Query(alias="o-ther")] = None,
    third: Annotated[str | None, Query(validation_alias="3rd")] = None,
) -> None:
    """Take single values."""


def listing(many: Annotated[list[int], Query()]) -> None:
    """Take a list."""


def paging(page: Annotated[Page, Query()]) -> None:
    """Take a model."""


def choosing(name: Annotated[str, Query(validation_alias=AliasChoices("a", "b"))]) -> None:
    """Take a value with two names."""


def parsing(box: Annotated[Json[list[int]], Query()]) -> None:
    """Take JSON."""


def making(when: Annotated[str, Query(default_factory=str)]) -> None:
    """Take a value that is made where it is absent."""


def checking(size: Annotated[int, Query(validate_default=True)] = 7) -> None:
    """Take a value whose default is validated too."""


def changing(price: Decimal = Decimal(3)) -> None:
    """Take a value with a default that is neither text nor number of ours."""


ID = "018f5a3e-0000-7000-8000-000000000001"
STRINGS = (
    f"wanted={ID}", f"wanted={ID}&sort=name&limit=7&price=2.50&colour=red&is_open=yes&o-ther=x&3rd=y",
    f"wanted={ID}&q=%D1%8F+1&q=b%26", f"wanted={ID}&q=", f"wanted={ID}&limit=", f"wanted={ID}&unknown=1&unknown",
    f"wanted={ID}&q=too+long+for+it&limit=0&sort=colour", f"wanted={ID}&other=1&third=2", f"wanted={ID};q=1", "",
    "wanted", "wanted=x&limit=x&price=NaN", "&&=&=1", f"wanted={ID}&q=%ff%fe", f"wanted={ID}&limit=1&limit=2",
)  # fmt: skip


def both_ways(function: Any, query: bytes) -> tuple[Any, Any]:  # noqa: ANN401  any function
    """Return what is read by us and by FastAPI."""
    fields = get_dependant(path="/", call=function).query_params
    return QueryReader(fields).read(query), request_params_to_args(fields, QueryParams(query))


@pytest.mark.parametrize("query", STRINGS)
def test_single_values_are_read_as_fastapi_reads_them(query: str) -> None:
    ours, theirs = both_ways(ordinary, query.encode())
    assert ours == theirs
    assert {name: type(value) for name, value in ours[0].items()} == {
        name: type(value) for name, value in theirs[0].items()
    }


@pytest.mark.parametrize("function", [listing, paging, choosing, parsing, making, checking, changing])
@pytest.mark.parametrize(
    "query", ["", "many=1&many=2", "limit=3", "a=1", "b=2", "box=[1]", "when=x", "size=2", "price=2"]
)
def test_other_parameters_are_left_to_fastapi(function: Any, query: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401  any function
    ours, theirs = both_ways(function, query.encode())
    assert ours == theirs

    monkeypatch.setattr(parameters, "parse_qsl", None)
    assert both_ways(function, query.encode())[0] == theirs


def test_good_single_values_are_read_without_fastapi(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or nothing would have been won."""
    monkeypatch.setattr(parameters, "request_params_to_args", None)
    values, errors = both_ways(ordinary, f"wanted={ID}&limit=2".encode())[0]
    assert (values["limit"], values["sort"], errors) == (2, None, [])
