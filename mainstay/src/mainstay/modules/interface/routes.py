"""The routes of the interface."""

from collections import defaultdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request

from mainstay.modules.identity import api as identity
from mainstay.modules.interface.permissions import READ
from mainstay.modules.interface.schemas import CallerOut, OutdatedListOut, OutdatedOut
from mainstay.web.operation import operations_of as all_operations
from mainstay.web.outdated import uses
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(tags=["API"], prefix="/interface")

_PERSON = "person:"


@router.get("/outdated")
async def list_outdated(uow: Annotated[UnitOfWork, work(READ)], request: Request) -> OutdatedListOut:
    """Which operations are going away, and who still calls them; what is called in the last minute may be missing."""
    app: FastAPI = request.app
    callers = await _callers(uow)
    return OutdatedListOut(
        items=[
            OutdatedOut(
                operation=operation.title,
                since=outdated.since,
                until=outdated.until,
                successor=outdated.successor,
                callers=callers[operation.title],
            )
            for operation in all_operations(app)
            if (outdated := operation.outdated) is not None
        ]
    )


async def _callers(uow: UnitOfWork) -> defaultdict[str, list[CallerOut]]:
    """Return the callers by operation, the latest first."""
    rows = await uses(uow)
    ids = {row["caller"]: UUID(row["caller"][len(_PERSON) :]) for row in rows if row["caller"].startswith(_PERSON)}
    people = await identity.colleagues(uow, ids.values()) if ids else {}
    found: defaultdict[str, list[CallerOut]] = defaultdict(list)
    for row in rows:
        person = people.get(ids[row["caller"]]) if row["caller"] in ids else None
        name = None if person is None else person.name
        found[row["operation"]].append(CallerOut.model_validate({**dict(row), "name": name}))
    return found
