"""The route of the security overview."""

from typing import Annotated

from fastapi import APIRouter

from mainstay.modules.identity.permissions import MANAGE
from mainstay.modules.identity.schemas.overview import SecurityOut, StaleKeyOut, TriedOut, UnprotectedPersonOut
from mainstay.modules.identity.service import overview
from mainstay.web.routing import work
from mainstay.work import Row, UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])


@router.get("/security")
async def read_security(uow: Annotated[UnitOfWork, work(MANAGE)]) -> SecurityOut:
    """Who has no second factor, which keys nobody uses, and what was tried within the last 24 hours."""
    found = await overview.look(uow)
    return SecurityOut(
        without_factor=[UnprotectedPersonOut.model_validate(dict(row)) for row in found.without_factor],
        without_factor_total=_total(found.without_factor),
        stale_keys=[StaleKeyOut.model_validate(dict(row)) for row in found.stale_keys],
        stale_keys_total=_total(found.stale_keys),
        unused_days=found.unused_days,
        signing_key_since=found.signing_key_since,
        tried=[TriedOut(act=act, count=count) for act, count in found.tried.items()],
    )


def _total(rows: list[Row]) -> int:
    total: int = rows[0]["total"] if rows else 0
    return total
