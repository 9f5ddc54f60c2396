"""How a route gets its UnitOfWork: authenticated, permitted, and committed before the response leaves.

A route names its right in its signature: `uow: Annotated[UnitOfWork, work(SELL)]`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request

from mainstay.errors import NotAllowed, NotSignedIn
from mainstay.permission import Permission, Public, SignedIn
from mainstay.work import ANONYMOUS, Actor, UnitOfWork, WorkOpener

Right = Permission | Public | SignedIn


@dataclass(frozen=True, slots=True)
class Edge:
    """What the dependencies need of the program; kept as `app.state.edge`."""

    open_work: WorkOpener
    authenticate: Callable[[UnitOfWork, str], Awaitable[Actor]]
    session_cookie: str
    secret_key: bytes


def work(right: Right) -> Any:  # noqa: ANN401  FastAPI types its markers so
    """Return the dependency that yields the request's UnitOfWork to an actor who holds `right`."""
    return Depends(_WorkFor(right), scope="function")


def actor(right: Right) -> Any:  # noqa: ANN401  FastAPI types its markers so
    """Return the dependency that yields the actor alone, for routes that stream and open work as they go."""
    return Depends(_ActorFor(right), scope="function")


@dataclass(frozen=True, slots=True)
class _WorkFor:
    right: Right

    async def __call__(self, request: Request) -> AsyncIterator[UnitOfWork]:
        edge: Edge = request.app.state.edge
        async with edge.open_work(ANONYMOUS) as uow:
            uow.actor = await _permitted(edge, uow, request, self.right)
            yield uow


@dataclass(frozen=True, slots=True)
class _ActorFor:
    right: Right

    async def __call__(self, request: Request) -> Actor:
        edge: Edge = request.app.state.edge
        async with edge.open_work(ANONYMOUS) as uow:
            return await _permitted(edge, uow, request, self.right)


async def _permitted(edge: Edge, uow: UnitOfWork, request: Request, right: Right) -> Actor:
    if isinstance(right, Public):
        return ANONYMOUS
    token = request.cookies.get(edge.session_cookie)
    if not token:
        raise NotSignedIn("Sign in to do this.")
    actor = await edge.authenticate(uow, token)
    request.scope["actor"] = actor
    if isinstance(right, Permission) and not actor.may(right.name):
        raise NotAllowed(f"This needs the right “{right.title}”.", extra={"permission": right.name})
    return actor
