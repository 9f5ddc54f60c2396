"""The health routes: started once, alive as long as the process answers, ready while everything it needs does."""

from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from mainstay.observe.health import Check, examine
from mainstay.permission import Public
from mainstay.web.closing import Closing
from mainstay.web.limits.rates import Unlimited, limited
from mainstay.web.routing import actor
from mainstay.work import Actor

PROBES = Public("load balancers and service managers ask without an account")

ALWAYS = Unlimited("whoever asks whether the program lives must get an answer, most of all under load")

router = APIRouter(prefix="/health", tags=["Health"])


class LiveOut(BaseModel):
    """The process answers."""

    status: Literal["live"] = "live"


class CheckOut(BaseModel):
    """What one check found."""

    name: str = Field(examples=["database"])
    is_ok: bool
    is_needed: bool = Field(description="Without it the program is not ready; without the others it goes on")
    duration_ms: float = Field(description="How long the answer took", examples=[1.25])
    reason: str | None = Field(default=None, description="What is wrong, as a sentence")


class ReadyOut(BaseModel):
    """Whether requests can be served now; degraded when they can, and something that is not needed is in trouble."""

    status: Literal["ready", "degraded", "unavailable"]
    checks: list[CheckOut]


UNAVAILABLE: Final[dict[int | str, dict[str, Any]]] = {
    503: {"model": ReadyOut, "description": "Something it needs is away"}
}


@router.get("/live")
@limited(ALWAYS)
async def live(_actor: Annotated[Actor, actor(PROBES)]) -> LiveOut:
    """Say that the process answers."""
    return LiveOut()


@router.get("/startup", responses=UNAVAILABLE)
@limited(ALWAYS)
async def startup(request: Request, response: Response, _actor: Annotated[Actor, actor(PROBES)]) -> ReadyOut:
    """Say whether the program has started: 503 until it could serve requests for the first time, and 200 ever after.

    For whoever waits for a start that may take long, as while a schema is migrated, before liveness is asked at all.
    """
    state = request.app.state
    if getattr(state, "has_started", False):
        return ReadyOut(status="ready", checks=[])
    found = await _readiness(request, response)
    state.has_started = found.status != "unavailable"
    return found


@router.get("/ready", responses=UNAVAILABLE)
@limited(ALWAYS)
async def ready(request: Request, response: Response, _actor: Annotated[Actor, actor(PROBES)]) -> ReadyOut:
    """Ask everything this program needs or uses, and say what each answered.

    503 when something needed is away or the program stops; with the rest alone in trouble it is 200 and degraded.
    """
    return await _readiness(request, response)


async def _readiness(request: Request, response: Response) -> ReadyOut:
    closing: Closing = request.app.state.closing
    found = [
        CheckOut(
            name=each.name,
            is_ok=each.reason is None,
            is_needed=each.is_needed,
            duration_ms=round(each.duration * 1000, 2),
            reason=each.reason,
        )
        for each in await examine(checks_of(request))
    ]
    if closing.is_set:
        reason = "It is about to stop."
        found.append(CheckOut(name="program", is_ok=False, is_needed=True, duration_ms=0, reason=reason))
    if any(check.is_needed and not check.is_ok for check in found):
        response.status_code = 503
        return ReadyOut(status="unavailable", checks=found)
    return ReadyOut(status="ready" if all(check.is_ok for check in found) else "degraded", checks=found)


def checks_of(request: Request) -> Sequence[Check]:
    """Return what readiness asks of the program that a request came to."""
    checks: Sequence[Check] = request.app.state.checks
    return checks
