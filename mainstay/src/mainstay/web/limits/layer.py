"""The layers of the limits: one counts a request before anything is done for it, one tells every reply's caller."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay.errors import NotSignedIn, TooManyRequests
from mainstay.permission import Public
from mainstay.web.failures import problem_of
from mainstay.web.limits.attempts import peek
from mainstay.web.limits.callers import CredentialNames, address_of, credential_of
from mainstay.web.limits.limiter import Limiter
from mainstay.web.limits.rates import SIGN_IN_ADDRESS, Limit, Rate
from mainstay.web.limits.settings import WINDOW
from mainstay.web.limits.windows import Verdict
from mainstay.web.operation import Operation
from mainstay.web.place import place_of
from mainstay.web.routing import Edge
from mainstay.work import Actor

_KEY = "mainstay.limit"


@dataclass(slots=True)
class Count:
    """How a request was counted: for whom, and what came of it. `is_known`: the owner of `credential`."""

    rate: Rate
    caller: str
    verdict: Verdict
    credential: str | None = None
    is_known: bool = False

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return what the caller is told (draft-ietf-httpapi-ratelimit-headers)."""
        name, verdict = self.rate.name, self.verdict
        return [
            (b"ratelimit-policy", f'"{name}";q={verdict.size};w={WINDOW}'.encode()),
            (b"ratelimit", f'"{name}";r={verdict.remaining};t={verdict.wait}'.encode()),
        ]


class LimitHeaders:
    """Adds `RateLimit` and `RateLimit-Policy` to each reply of a limited route; it is outside of the shield."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""

        async def send_with_limits(message: Message) -> None:
            if message["type"] == "http.response.start":
                count: Count | None = scope.get(_KEY)
                if count is not None:
                    message["headers"] = [*message.get("headers", ()), *count.headers()]
            await send(message)

        await self._app(scope, receive, send_with_limits)


class RateLimit:
    """Refuses what is more than the allowance of its caller, before the database is asked anything.

    A credential says at first only that somebody claims to be somebody: such a request is counted for its address.
    Once it has been seen to be good, requests with it are counted for its person. Routes that are open to all are
    counted for the address always, because nothing there checks the credential.
    """

    def __init__(self, app: ASGIApp, limiter: Limiter, edge: Edge) -> None:
        self._app = app
        self._limiter = limiter
        self._edge = edge
        self._names = CredentialNames(edge.keyring)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises TooManyRequests."""
        operation = place_of(scope).operation
        if operation is None or not isinstance(operation.limit.rate, Rate):
            await self._app(scope, receive, send)
            return
        limit = operation.limit
        name = None
        if limit.named_by is not None:
            name, receive = await peek(receive, limit.named_by)
        count = await self._count(scope, operation, operation.limit.rate, name)
        scope[_KEY] = count
        if not count.verdict.is_within:
            raise _refusal(count)

        async def send_settled(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._settle(scope, count, limit, message["status"])
            await send(message)

        try:
            await self._app(scope, receive, send_settled)
        except Exception as failure:
            if isinstance(failure, NotSignedIn) and count.is_known and count.credential is not None:
                await self._limiter.forget(count.credential)
            await self._settle(scope, count, limit, problem_of(failure).status)
            raise

    async def _count(self, scope: Scope, operation: Operation, rate: Rate, name: str | None) -> Count:
        if operation.limit.named_by is not None:
            return await self._count_attempt(scope, rate, name)
        is_open = isinstance(operation.right, Public)
        credential = None if is_open else credential_of(scope, self._edge, self._names)
        owner = await self._limiter.owner_of(credential) if credential is not None else None
        caller = owner or address_of(scope)
        return Count(rate, caller, await self._limiter.charge(rate, caller), credential, owner is not None)

    async def _count_attempt(self, scope: Scope, rate: Rate, name: str | None) -> Count:
        """Count an attempt to sign in: for the address, whoever it is about, and for the one it is about."""
        address = address_of(scope)
        verdict = await self._limiter.charge(SIGN_IN_ADDRESS, address)
        if not verdict.is_within:
            return Count(SIGN_IN_ADDRESS, address, verdict)
        caller = address if name is None else f"{self._edge.keyring.sign('limits', name)}@{address}"
        return Count(rate, caller, await self._limiter.charge(rate, caller))

    async def _settle(self, scope: Scope, count: Count, limit: Limit, status: int) -> None:
        """Learn whose a credential is that has just been seen to be good, and give back what costs nothing."""
        if status in limit.free_on:
            await self._give_back(count)
        actor: Actor | None = scope.get("actor")
        if count.credential is not None and not count.is_known and actor is not None and actor.id is not None:
            count.is_known = True
            await self._limiter.learn(count.credential, f"{actor.kind}:{actor.id}", count.rate)

    async def _give_back(self, count: Count) -> None:
        await self._limiter.give_back(count.rate, count.caller, count.verdict)
        verdict = count.verdict
        count.verdict = Verdict(verdict.is_within, verdict.size, verdict.remaining + 1, verdict.wait)


def _refusal(count: Count) -> TooManyRequests:
    wait = count.verdict.wait
    unit = "second" if wait == 1 else "seconds"
    return TooManyRequests(
        f"That was too much in a short time; try again in {wait} {unit}.",
        headers={"Retry-After": str(wait)},
        extra={"violated-policies": [count.rate.name]},
    )
