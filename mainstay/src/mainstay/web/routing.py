"""How a route gets its UnitOfWork: authenticated, permitted, and committed before the response leaves.

A route names its right in its signature: `uow: Annotated[UnitOfWork, work(SELL)]`.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.types import Scope

from mainstay.context import note_actor
from mainstay.errors import FactorSetUpNeeded, NotAllowed, NotSignedIn
from mainstay.keyring import Keyring
from mainstay.permission import Permission, Public, Records, SignedIn
from mainstay.web.head import bearer, cookie
from mainstay.web.paging import check_words, enter_list
from mainstay.work import ANONYMOUS, NOT_BY_PIN, Actor, UnitOfWork, WorkOpener

Right = Permission | Public | SignedIn


@dataclass(frozen=True)
class Edge:
    """What the dependencies need of the program; kept as `app.state.edge`."""

    open_work: WorkOpener
    authenticate: Callable[[UnitOfWork, str], Awaitable[Actor]]
    session_cookie: str
    keyring: Keyring
    authenticate_bearer: Callable[[UnitOfWork, str], Awaitable[Actor]] | None = None

    @cached_property
    def cookie_name(self) -> bytes:
        """The name of the session cookie as it stands in headers."""
        return self.session_cookie.encode()


# What RFC 6750 has a bearer told who is known and may not.
_LACKING = {"WWW-Authenticate": 'Bearer error="insufficient_scope"'}


def work(right: Right, *also: Permission | Records, fresh: bool = False) -> Any:  # noqa: ANN401  FastAPI's markers
    """Return the dependency that gives the request's UnitOfWork to an actor who holds `right`.

    `also` are further rights, and kinds of records of which the actor must reach all: what a route gives as a whole is
    not given in part. `fresh` marks a dangerous act: those who have a second factor must have given it lately.
    """
    return Depends(WorkFor(right, fresh, also), scope="function")


def actor(right: Right, *also: Permission | Records) -> Any:  # noqa: ANN401  FastAPI types its markers so
    """Return the dependency that gives the actor alone, for routes that stream and open work as they go.

    Such are exports: they are closed to those who signed in by a PIN, whatever their role holds.
    """
    return Depends(ActorFor(right, also), scope="function")


def right_of(route: APIRoute) -> Right | None:
    """Return the right that `route` demands by its `work` or `actor`, or None when it has neither."""
    return _right_in(route.dependant)


def also_of(route: APIRoute) -> tuple[Permission | Records, ...]:
    """Return what `route` demands besides its right."""
    return _also_in(route.dependant)


def _also_in(dependant: Dependant) -> tuple[Permission | Records, ...]:
    if isinstance(dependant.call, WorkFor | ActorFor):
        return dependant.call.also
    return next((also for part in dependant.dependencies if (also := _also_in(part))), ())


def _right_in(dependant: Dependant) -> Right | None:
    if isinstance(dependant.call, WorkFor | ActorFor):
        return dependant.call.right
    return next((right for part in dependant.dependencies if (right := _right_in(part)) is not None), None)


@dataclass(frozen=True, slots=True)
class WorkFor:
    """The dependency that `work` makes; it opens the UnitOfWork that the web edge commits."""

    right: Right
    fresh: bool = False
    also: tuple[Permission | Records, ...] = ()

    async def __call__(self, request: Request) -> UnitOfWork:
        """Return the UnitOfWork, for routes that FastAPI's own handler runs."""
        edge: Edge = request.app.state.edge
        # FastAPI leaves this stack after the route has returned and its reply is made, before the reply is sent: as
        # for a dependency with `yield`, at a quarter of the cost.
        stack: AsyncExitStack = request.scope["fastapi_function_astack"]
        uow = await stack.enter_async_context(edge.open_work(ANONYMOUS))
        await self.admit(edge, request.scope, uow)
        return uow

    async def admit(self, edge: Edge, scope: Scope, uow: UnitOfWork) -> None:
        """Give `uow` its actor.

        Raises NotSignedIn, NotAllowed, FreshFactorNeeded, in a list InvalidCursor, and what `check_words` does.
        """
        uow.actor = await _permitted(edge, uow, scope, self.right)
        _demand_also(uow.actor, self.also)
        if self.fresh:
            uow.actor.demand_fresh_factor()
        if scope["route"].is_list:
            enter_list(scope, edge.keyring, uow.actor.id)
        else:
            check_words(scope)


@dataclass(frozen=True, slots=True)
class ActorFor:
    """The dependency that `actor` makes."""

    right: Right
    also: tuple[Permission | Records, ...] = ()

    async def __call__(self, request: Request) -> Actor:
        """Return the actor, for routes that FastAPI's own handler runs."""
        return await self.admit(request.app.state.edge, request.scope)

    async def admit(self, edge: Edge, scope: Scope) -> Actor:
        """Return the actor; raises NotSignedIn and NotAllowed."""
        if isinstance(self.right, Public):
            return ANONYMOUS
        async with edge.open_work(ANONYMOUS) as uow:
            found = await _permitted(edge, uow, scope, self.right)
        if found.station is not None:
            raise NotAllowed(NOT_BY_PIN)
        _demand_also(found, self.also)
        check_words(scope)
        return found


def _demand_also(actor: Actor, also: Sequence[Permission | Records]) -> None:
    """Raise NotAllowed unless the actor has all that a route demands besides its right."""
    actor.demand(*(each for each in also if isinstance(each, Permission)))
    actor.demand_whole(*(each for each in also if isinstance(each, Records)))


async def _permitted(edge: Edge, uow: UnitOfWork, scope: Scope, right: Right) -> Actor:
    if isinstance(right, Public):
        return ANONYMOUS
    text = bearer(scope)
    if text is not None:
        return await _permitted_bearer(edge, uow, scope, right, text)
    token = cookie(scope, edge.cookie_name)
    if token is None:
        raise NotSignedIn("Sign in to do this.")
    actor = await edge.authenticate(uow, token)
    _note(scope, actor)
    _demand_factor(actor, right)
    if actor.station is not None and isinstance(right, SignedIn) and not right.stations:
        raise NotAllowed(NOT_BY_PIN)
    if isinstance(right, Permission) and not actor.may(right.name):
        raise NotAllowed(f"This needs the right “{right.title}”.", extra={"permission": right.name})
    return actor


def _note(scope: Scope, actor: Actor) -> None:
    """Keep who acts, for the access log and for all lines from here on."""
    scope["actor"] = actor
    if actor.id is not None:
        note_actor(actor.id)


def _demand_factor(actor: Actor, right: Permission | SignedIn) -> None:
    if actor.factor == "lacking" and not (isinstance(right, SignedIn) and right.may_lack_factor):
        raise FactorSetUpNeeded("Your role needs a second factor: set one up, then go on.")


async def _permitted_bearer(
    edge: Edge, uow: UnitOfWork, scope: Scope, right: Permission | SignedIn, text: str
) -> Actor:
    """Return the actor behind a bearer's token; a cookie beside it is not looked at (docs/decisions/0025)."""
    if edge.authenticate_bearer is None:
        raise NotSignedIn("This program takes no tokens; sign in to do this.")
    try:
        actor = await edge.authenticate_bearer(uow, text)
    except NotSignedIn as refusal:
        refusal.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        raise
    _note(scope, actor)
    _demand_factor(actor, right)
    if isinstance(right, SignedIn):
        if actor.session_id is None and not right.keys:
            raise NotAllowed("An API key cannot do this; sign in to do this.", headers=_LACKING)
    elif not actor.may(right.name):
        raise NotAllowed(f"This needs the right “{right.title}”.", headers=_LACKING, extra={"permission": right.name})
    return actor
