"""The mail routes: what became of mails, the language one wants, and the mailbox of a program in development."""

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse

from mainstay.db.grammar import Asked
from mainstay.db.query import page_size
from mainstay.mail.settings import MailSettings
from mainstay.modules.mail.permissions import MANAGE
from mainstay.modules.mail.repository import MESSAGES
from mainstay.modules.mail.schemas import (
    BounceOut,
    LanguageIn,
    MailboxItemOut,
    MailboxOut,
    MessageOut,
    MessagesOut,
    StatusOut,
)
from mainstay.modules.mail.service import bouncing, keeping, looking
from mainstay.permission import Public, SignedIn
from mainstay.web.asking import asks
from mainstay.web.limits.rates import API, limited
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/mail", tags=["Mail"])

# A mail as a mail program shows it: its own styles, nothing from elsewhere, no scripts, and no part of our pages.
ALONE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
    ),
    "Referrer-Policy": "no-referrer",
}

# What it answers besides the replies that every route has.
NO_MAILBOX: dict[int | str, dict[str, Any]] = {404: {"$ref": "#/components/responses/NotFound"}}

RETURNED = Public("the return path of a mail, which only servers on its way know, says what the report is about")
LARGEST = 256 * 1024
MESSAGE = {
    "requestBody": {"required": True, "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}}}
}

ManageWork = Annotated[UnitOfWork, work(MANAGE)]


@router.get("/status")
async def read_status(uow: ManageWork) -> StatusOut:
    """How mail leaves this program, what waits and what went wrong."""
    mode = keeping.mode(uow)
    sender = uow.setup.settings.of(MailSettings).sender if mode != "off" else None
    return StatusOut.model_validate({"mode": mode, "sender": sender, **dict(await keeping.status(uow))})


@router.get("/messages")
async def list_messages(
    uow: ManageWork,
    asked: Annotated[Asked, asks(MESSAGES)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> MessagesOut:
    """The mails of the last 30 days and what became of them, the newest first; what they say is not kept."""
    rows, following = await keeping.messages(uow, asked, cursor, page_size(limit))
    return MessagesOut(items=[MessageOut.model_validate(dict(row)) for row in rows], next_cursor=following)


@router.post("/messages/{mail_id}/try-again", status_code=204)
@repeatable
async def try_message_again(uow: ManageWork, mail_id: UUID) -> None:
    """Send a mail that was given up after two days of tries."""
    await keeping.try_again(uow, mail_id)


@router.post("/bounces", status_code=202, max_body_size=LARGEST, openapi_extra=MESSAGE, responses=NO_MAILBOX)
@limited(API)
async def report_bounce(uow: Annotated[UnitOfWork, work(RETURNED)], request: Request) -> BounceOut:
    """Take the report of a mail server that it could not deliver a mail, as it came to the mail's return path.

    The return path proves that it is about a mail of this program. When the address is to blame, the mail counts as
    refused and its recipient as out of reach.
    """
    return BounceOut(is_bounce=await bouncing.take(uow, await request.body()))


@router.put("/language", status_code=204)
async def choose_language(uow: Annotated[UnitOfWork, work(SignedIn())], chosen: LanguageIn) -> None:
    """Choose the language of the mails one gets."""
    await keeping.choose_language(uow, chosen.language)


@router.get("/mailbox", responses=NO_MAILBOX)
async def list_mailbox(uow: ManageWork) -> MailboxOut:
    """The mails of a program in development without a mail server; elsewhere it is not found."""
    return MailboxOut(items=[MailboxItemOut(**asdict(item)) for item in await looking.newest(uow)])


@router.get("/mailbox/{mail_id}/html", response_class=HTMLResponse)
async def read_mailbox_html(uow: ManageWork, mail_id: UUID) -> HTMLResponse:
    """A mail of the mailbox as it looks."""
    return HTMLResponse(await looking.part(uow, mail_id, "html"), headers=ALONE)


@router.get("/mailbox/{mail_id}/text", response_class=PlainTextResponse)
async def read_mailbox_text(uow: ManageWork, mail_id: UUID) -> PlainTextResponse:
    """A mail of the mailbox as programs without HTML show it."""
    return PlainTextResponse(await looking.part(uow, mail_id, "plain"), headers=ALONE)
