"""The one route of the browser module."""

from typing import Annotated

from fastapi import APIRouter

from mainstay.modules.browser import service
from mainstay.modules.browser.schemas import BrowserErrorIn
from mainstay.permission import Public
from mainstay.web.routing import actor
from mainstay.work import Actor

router = APIRouter(tags=["Errors of browsers"])
OPEN = Public("pages fail before anybody has signed in, too")


@router.post("/client-errors", status_code=204, max_body_size=16_384)
async def report_error(_actor: Annotated[Actor, actor(OPEN)], error: BrowserErrorIn) -> None:
    """Tell of an error in the web app; what may be somebody's is taken out before it is kept."""
    service.report(error)
