"""The quick way of running a route means the same as FastAPI's own, request for request."""

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any
from uuid import UUID

import httpx2
import pytest
from fastapi import APIRouter, Body, Cookie, Depends, FastAPI, Header, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.routing import request_response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import create_async_engine

from mainstay.errors import Conflict, NotSignedIn
from mainstay.keyring import Keyring
from mainstay.messages.job import Subscriptions
from mainstay.observe.counters import Counters
from mainstay.observe.exposition import Exposition
from mainstay.permission import Public, SignedIn
from mainstay.web.addresses import Addresses
from mainstay.web.handler import PlainHandler, is_plain
from mainstay.web.limits.limiter import Limiter
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.metrics import Metrics, MetricsSettings
from mainstay.web.operation import GeneralHandler, Operation, operations
from mainstay.web.pages import Pages
from mainstay.web.routing import Edge, actor, work
from mainstay.web.stack import Dispatch, Front, build_stack
from mainstay.web.table import OperationTable
from mainstay.work import Actor, UnitOfWork, WorkOpener

OPEN = Public("a test")
Work = Annotated[UnitOfWork, work(OPEN)]


class Colour(Enum):
    """A choice."""

    RED = "red"
    BLUE = "blue"


class Item(BaseModel):
    """A body."""

    name: str = Field(max_length=5, alias="label")
    price: Decimal = Decimal(1)
    when: date | None = None


class Page(BaseModel):
    """Query parameters as a model."""

    limit: int = Field(default=10, ge=1)
    tags: list[str] = []


plain = APIRouter()
general = APIRouter()


@plain.get("/path/{number}/{colour}")
async def take_path(_uow: Work, number: int, colour: Annotated[Colour, Path()]) -> tuple[int, Colour]:
    """Take values from the path."""
    return number, colour


@plain.get("/query")
async def take_query(
    _uow: Work, wanted: UUID, many: Annotated[list[int], Query(max_length=3)], small: int = 5, flag: bool = False
) -> list[Any]:
    """Take values from the query."""
    return [wanted, many, small, flag]


@plain.get("/model")
async def take_model(_uow: Work, page: Annotated[Page, Query()]) -> Page:
    """Take the query as a model."""
    return page


@plain.get("/head")
async def take_head(
    _uow: Work, x_colour: Annotated[Colour, Header()], theme: Annotated[str | None, Cookie()] = None
) -> list[Any]:
    """Take a header and a cookie."""
    return [x_colour, theme]


@plain.post("/body", status_code=201)
async def take_body(_uow: Work, item: Item) -> Item:
    """Take a body."""
    return item


@plain.post("/bodies")
async def take_bodies(_uow: Work, item: Item, count: Annotated[int, Body(gt=0)]) -> dict[str, Any]:
    """Take a body of two parts."""
    return {"item": item, "count": count}


@plain.post("/optional")
async def take_optional(_uow: Work, item: Item | None = None) -> Item | None:
    """Take a body or none."""
    return item


@plain.get("/shaped")
async def shape(_uow: Work, response: Response, status: int = 202) -> str:
    """Set a status and headers."""
    response.status_code = status
    response.headers["X-Shaped"] = "yes"
    response.set_cookie("shape", "round", httponly=True)
    return "shaped"


@plain.delete("/nothing", status_code=204)
async def answer_nothing(_uow: Work) -> None:
    """Answer with nothing."""


@plain.get("/untyped")
async def answer_untyped(_uow: Work):  # type: ignore[no-untyped-def]  # noqa: ANN201  the case that is tested
    """Answer without saying with what."""
    return {"at": date(2026, 11, 21), "of": {1}}


@plain.get("/text")
async def answer_text(_uow: Work, request: Request) -> PlainTextResponse:
    """Answer with a response."""
    return PlainTextResponse(request.url.path, headers={"X-Kind": "text"})


@plain.get("/wrong")
async def answer_wrongly(_uow: Work) -> int:
    """Answer with something else than was said."""
    return "three"  # type: ignore[return-value]  # the case that is tested


@plain.get("/refused")
async def refuse(_uow: Work) -> int:
    """Refuse."""
    raise Conflict("It is so.")


@plain.get("/alone")
async def answer_alone(_uow: Work) -> int:
    """Take nothing."""
    return 1


@plain.get("/me")
async def show_me(who: Annotated[Actor, actor(SignedIn())]) -> str:
    """Need a session."""
    return who.name


@general.get("/chosen", response_model_exclude={"price"})
async def choose(_uow: Work) -> Item:
    """Shape the reply."""
    return Item(label="a")


def half(number: int) -> int:
    """Return half of a number."""
    return number // 2


@general.get("/depends")
async def depend(_uow: Work, number: Annotated[int, Depends(half)]) -> int:
    """Depend on something else."""
    return number


@general.get("/blocking")
def block(_uow: Work) -> int:
    """Run in a thread."""
    return 1


@general.get("/lines", response_class=PlainTextResponse)
async def answer_lines(_uow: Work) -> str:
    """Answer with a text by its class."""
    return "line"


GOOD = '{"label": "a", "price": "2.50"}'
JSON = {"Content-Type": "application/json"}
REQUESTS: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "/path/7/red", {}),
    ("GET", "/path/seven/green", {}),
    ("GET", "/query?wanted=018f5a3e-0000-7000-8000-000000000001&many=1&many=2&flag=yes", {}),
    ("GET", "/query?wanted=x&many=1&many=2&many=3&many=4&small=", {}),
    ("GET", "/query", {}),
    ("GET", "/model?limit=3&tags=a&tags=b", {}),
    ("GET", "/model?limit=0", {}),
    ("GET", "/head", {"headers": {"X-Colour": "blue", "Cookie": "theme=dark"}}),
    ("GET", "/head", {"headers": {"X-Colour": "green"}}),
    ("GET", "/head", {}),
    ("POST", "/body", {"content": GOOD, "headers": JSON}),
    ("POST", "/body", {"content": '{"label": "too long", "when": "soon"}', "headers": JSON}),
    ("POST", "/body", {"content": '{"name": "a"}', "headers": JSON}),
    ("POST", "/body", {"content": "null", "headers": JSON}),
    ("POST", "/body", {"content": "[]", "headers": JSON}),
    ("POST", "/body", {"content": "", "headers": JSON}),
    ("POST", "/body", {"content": "{", "headers": JSON}),
    ("POST", "/body", {"content": GOOD, "headers": {"Content-Type": "text/plain"}}),
    ("POST", "/bodies", {"content": f'{{"item": {GOOD}, "count": 2}}', "headers": JSON}),
    ("POST", "/bodies", {"content": '{"count": 0}', "headers": JSON}),
    ("POST", "/bodies", {"content": "3", "headers": JSON}),
    ("POST", "/optional", {"content": GOOD, "headers": JSON}),
    ("POST", "/optional", {"content": "null", "headers": JSON}),
    ("POST", "/optional", {}),
    ("GET", "/shaped", {}),
    ("GET", "/shaped?status=418", {}),
    ("DELETE", "/nothing", {}),
    ("GET", "/untyped", {}),
    ("GET", "/text", {}),
    ("GET", "/wrong", {}),
    ("GET", "/refused", {}),
    ("GET", "/alone", {}),
    ("GET", "/me", {}),
    ("GET", "/me", {"headers": {"Cookie": "session=ada"}}),
    ("GET", "/me", {"headers": {"Cookie": "session=nobody"}}),
]


async def authenticate(_uow: UnitOfWork, token: str) -> Actor:
    """Know Ada."""
    if token != "ada":
        raise NotSignedIn("Who is it?")
    return Actor("person", UUID(int=1), "Ada")


async def nothing() -> Exposition:
    """Tell no numbers."""
    return Exposition()


def app_of(found: list[Operation]) -> FastAPI:
    """Return an application of some operations; it never connects to a database."""
    engine = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/nowhere")
    app = FastAPI()
    app.state.edge = Edge(WorkOpener(engine, Subscriptions({})), authenticate, "session", Keyring(b"key"))
    limiter = Limiter(LimitSettings.defaults().model_copy(update={"api": 1_000_000, "read": 1_000_000}), Counters())
    dispatch = Dispatch({}, Pages(None), Metrics(MetricsSettings(), nothing))
    stack = build_stack(OperationTable(found), app.state.edge, Front(Addresses()), limiter, dispatch)
    app.middleware_stack = stack
    return app


def rerouted(operation: Operation) -> Operation:
    """Return the operation as FastAPI runs it."""
    operation.app = GeneralHandler(request_response(operation.get_route_handler()))
    return operation


@pytest.fixture
async def both() -> AsyncIterator[tuple[httpx2.AsyncClient, httpx2.AsyncClient]]:
    """Clients of the same routes, run the quick way and FastAPI's way."""
    quick = app_of(list(operations((plain,), "", "quick")))
    slow = app_of([rerouted(each) for each in operations((plain,), "", "quick")])
    headers = {"X-Request-ID": "the-same"}
    async with (
        httpx2.AsyncClient(transport=httpx2.ASGITransport(quick), base_url="http://localhost", headers=headers) as one,
        httpx2.AsyncClient(transport=httpx2.ASGITransport(slow), base_url="http://localhost", headers=headers) as two,
    ):
        yield one, two


@pytest.mark.parametrize(("method", "path", "options"), REQUESTS)
async def test_both_ways_give_the_same_reply(
    both: tuple[httpx2.AsyncClient, httpx2.AsyncClient], method: str, path: str, options: dict[str, Any]
) -> None:
    quick, slow = [await client.request(method, path, **options) for client in both]

    assert quick.status_code == slow.status_code
    assert quick.content == slow.content
    if quick.status_code == 204:
        # FastAPI states a type for the content that is not there.
        del slow.headers["Content-Type"]
    assert sorted(quick.headers.multi_items()) == sorted(slow.headers.multi_items())


@pytest.mark.parametrize("operation", [*operations((plain,), "", "plain")], ids=lambda each: str(each.path))
def test_plain_routes_are_run_the_quick_way(operation: Operation) -> None:
    assert is_plain(operation)
    assert isinstance(operation.app, PlainHandler)


@pytest.mark.parametrize("operation", [*operations((general,), "", "general")], ids=lambda each: str(each.path))
def test_routes_that_want_more_are_left_to_fastapi(operation: Operation) -> None:
    assert not is_plain(operation)
    assert isinstance(operation.app, GeneralHandler)


async def test_routes_that_are_left_to_fastapi_work_as_well() -> None:
    app = app_of(list(operations((general,), "", "general")))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost") as client:
        replies = {path: await client.get(path) for path in ("/chosen", "/depends?number=9", "/blocking", "/lines")}

    assert {path: reply.text for path, reply in replies.items()} == {
        "/chosen": '{"label":"a","when":null}',
        "/depends?number=9": "4",
        "/blocking": "1",
        "/lines": "line",
    }
