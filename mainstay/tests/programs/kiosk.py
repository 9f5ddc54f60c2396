"""A small application with a route of every kind, whose limits a test chooses."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Annotated
from uuid import UUID

import httpx2
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, SecretStr
from sqlalchemy.ext.asyncio import create_async_engine

from mainstay.errors import NotAllowed, NotSignedIn
from mainstay.keyring import Keyring
from mainstay.messages.job import Subscriptions
from mainstay.observe.counters import Counters
from mainstay.observe.exposition import Exposition
from mainstay.observe.traces import Span, Tracer
from mainstay.permission import Public, SignedIn
from mainstay.web.addresses import Addresses
from mainstay.web.csrf import csrf_token
from mainstay.web.limits.limiter import Limiter, Shared
from mainstay.web.limits.rates import SIGN_IN, Unlimited, limited
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.metrics import Metrics, MetricsSettings, Tell
from mainstay.web.operation import operations
from mainstay.web.overload.gate import Bounds
from mainstay.web.overload.urgency import FIRST, LAST, urgent
from mainstay.web.pages import Pages
from mainstay.web.routing import Edge, actor
from mainstay.web.stack import Dispatch, Front, build_stack
from mainstay.web.table import OperationTable
from mainstay.work import Actor, UnitOfWork, WorkOpener

OPEN = Public("this is a test")
PEOPLE = {"ada": UUID(int=1), "ada-elsewhere": UUID(int=1), "bob": UUID(int=2)}
router = APIRouter()


def said(counters: Counters) -> Tell:
    """Return what tells the numbers of one process."""

    async def tell() -> Exposition:
        return Exposition.of([counters.text(has_exemplars=True)])

    return tell


class Attempt(BaseModel):
    """Somebody wants to be let in."""

    email: str
    password: str = ""


@router.get("/things")
async def read_things(_actor: Annotated[Actor, actor(SignedIn())]) -> str:
    """Read."""
    return "things"


@router.post("/things")
async def write_thing(_actor: Annotated[Actor, actor(SignedIn())]) -> str:
    """Write."""
    return "written"


@router.delete("/things")
async def remove_things(_actor: Annotated[Actor, actor(SignedIn())]) -> str:
    """Refuse."""
    raise NotAllowed("Nobody may.")


@router.post("/files", max_body_size=2 * 1024 * 1024)
async def send_file(request: Request, _actor: Annotated[Actor, actor(SignedIn())]) -> int:
    """Take a file."""
    return len(await request.body())


@router.get("/open")
async def read_open(_actor: Annotated[Actor, actor(OPEN)]) -> str:
    """Read without an account."""
    return "open"


@router.get("/linked/{ticket}")
async def read_linked(_actor: Annotated[Actor, actor(OPEN)], ticket: str) -> str:
    """Read what a ticket is for."""
    return f"{len(ticket)}"


@router.post("/session", status_code=201)
@limited(SIGN_IN, named_by="email", free_on=(201,))
async def sign_in(_actor: Annotated[Actor, actor(OPEN)], attempt: Attempt) -> str:
    """Sign in."""
    if attempt.password != "right":
        raise NotSignedIn("No.")
    return "in"


@router.get("/always")
@limited(Unlimited("this is a test"))
async def read_always(_actor: Annotated[Actor, actor(OPEN)]) -> str:
    """Read as often as you like."""
    return "always"


@router.post("/sales")
@urgent(FIRST)
async def sell(request: Request, _actor: Annotated[Actor, actor(OPEN)]) -> str:
    """Sell, as soon as it may."""
    return await _at_work(request)


@router.get("/shelves")
async def read_shelves(request: Request, _actor: Annotated[Actor, actor(OPEN)]) -> str:
    """Read what is neither urgent nor can wait."""
    return await _at_work(request)


@router.get("/reports")
@urgent(LAST)
async def read_reports(request: Request, _actor: Annotated[Actor, actor(OPEN)]) -> str:
    """Read what can wait."""
    return await _at_work(request)


@router.post("/letters")
async def send_letter(_actor: Annotated[Actor, actor(OPEN)], attempt: Attempt) -> str:
    """Take a body that anybody may send."""
    return attempt.email


@router.get("/ticks", response_class=EventSourceResponse)
async def stream_ticks(request: Request, _actor: Annotated[Actor, actor(OPEN)]) -> AsyncIterator[ServerSentEvent]:
    """Stream one number, and go on when it may."""
    yield ServerSentEvent(event="tick", data=1)
    await _at_work(request)


@router.get("/books", response_class=StreamingResponse)
async def read_books(_actor: Annotated[Actor, actor(OPEN)]) -> StreamingResponse:
    """Send three pages, each when the one before was taken."""

    async def pages() -> AsyncIterator[bytes]:
        for page in (b"1", b"2", b"3"):
            yield page

    return StreamingResponse(pages())


async def _at_work(request: Request) -> str:
    """Be at work until the test says otherwise."""
    busy: Busy = request.app.state.busy
    async with busy.at(request.url.path):
        return request.url.path


class Busy:
    """Who is at work by path; those of the paths `held` stay until it is released."""

    def __init__(self) -> None:
        self.held: set[str] = set()
        self.begun: list[str] = []
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def at(self, path: str) -> AsyncIterator[None]:
        """Be at work."""
        async with self._changed:
            self.begun.append(path)
            self._changed.notify_all()
            await self._changed.wait_for(lambda: path not in self.held)
        yield

    async def until(self, *paths: str) -> None:
        """Return when these, and no others, have begun, in this order."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: self.begun == list(paths))

    async def release(self) -> None:
        """Let everybody end."""
        async with self._changed:
            self.held.clear()
            self._changed.notify_all()


ended: set[str] = set()


async def authenticate(_uow: UnitOfWork, token: str) -> Actor:
    """Know Ada and Bob, unless their session has ended."""
    if token not in PEOPLE or token in ended:
        raise NotSignedIn("Who is it?")
    return Actor("person", PEOPLE[token], token)


class Kiosk:
    """The application, as clients at several addresses see it."""

    def __init__(
        self,
        stack: AsyncExitStack,
        shared: Shared | None = None,
        metrics_token: str | None = None,
        bounds: Bounds | None = None,
        **sizes: int,
    ) -> None:
        self._stack = stack
        self.counters = Counters()
        settings = LimitSettings.defaults().model_copy(update=dict(sizes))
        self.limiter = Limiter(settings, self.counters, shared)
        token = SecretStr(metrics_token) if metrics_token else None
        engine = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/nowhere")
        self.app = FastAPI()
        self.spans: list[Span] = []
        edge = self.app.state.edge = Edge(
            WorkOpener(engine, Subscriptions({})), authenticate, "session", Keyring(b"key")
        )
        dispatch = Dispatch(
            {},
            Pages(None),
            Metrics(MetricsSettings(token=token), said(self.counters)),
        )
        front = Front(Addresses(), tracer=Tracer(1.0, self.spans.append), counters=self.counters)
        if bounds is not None:
            front = replace(front, bounds=bounds)
        self.busy = self.app.state.busy = Busy()
        table = OperationTable(operations((router,), "", "shop"))
        self.app.middleware_stack = build_stack(table, edge, front, self.limiter, dispatch)

    def at(self, address: str, token: str | None = None) -> httpx2.AsyncClient:
        """Return a client at an address, with the session of a token."""
        transport = httpx2.ASGITransport(self.app, client=(address, 123))
        headers = {"Origin": "http://localhost"}
        if token is not None:
            headers |= {"Cookie": f"session={token}", "X-CSRF-Token": csrf_token(Keyring(b"key"), token)}
        client = httpx2.AsyncClient(transport=transport, base_url="http://localhost", headers=headers)
        self._stack.push_async_callback(client.aclose)
        return client


KioskFactory = Callable[..., Kiosk]
