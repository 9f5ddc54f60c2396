"""How a route gets its UnitOfWork: authenticated, permitted, and committed before the response leaves.

A route names its right in its signature: `uow: Annotated[UnitOfWork, work(SELL)]`.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from mainstay.errors import NotAllowed, NotSignedIn
from mainstay.permission import Permission, Public, SignedIn
from mainstay.web.cookies import cookie
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
    """Return the dependency that gives the request's UnitOfWork to an actor who holds `right`."""
    return Depends(_WorkFor(right), scope="function")


def actor(right: Right) -> Any:  # noqa: ANN401  FastAPI types its markers so
    """Return the dependency that gives the actor alone, for routes that stream and open work as they go."""
    return Depends(_ActorFor(right), scope="function")


def right_of(route: APIRoute) -> Right | None:
    """Return the right that `route` demands by its `work` or `actor`, or None when it has neither."""
    return _right_in(route.dependant)


def _right_in(dependant: Dependant) -> Right | None:
    if isinstance(dependant.call, _WorkFor | _ActorFor):
        return dependant.call.right
    return next((right for part in dependant.dependencies if (right := _right_in(part)) is not None), None)


@dataclass(frozen=True, slots=True)
class _WorkFor:
    right: Right

    async def __call__(self, request: Request) -> UnitOfWork:
        edge: Edge = request.app.state.edge
        uow = edge.open_work(ANONYMOUS)
        # FastAPI leaves this stack after the route has returned and its reply is made, before the reply is sent: what
        # `yield` in a dependency does too, at a quarter of the cost.
        stack: AsyncExitStack = request.scope["fastapi_function_astack"]
        await stack.enter_async_context(uow)
        uow.actor = await _permitted(edge, uow, request, self.right)
        return uow


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
    token = cookie(request.scope, edge.session_cookie.encode())
    if token is None:
        raise NotSignedIn("Sign in to do this.")
    actor = await edge.authenticate(uow, token)
    request.scope["actor"] = actor
    if isinstance(right, Permission) and not actor.may(right.name):
        raise NotAllowed(f"This needs the right “{right.title}”.", extra={"permission": right.name})
    return actor
