"""The notification routes: one's inbox, how one wants to be told, ending mails by a link, and whom mail misses."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse

from mainstay.bulk.schemas import BulkOut
from mainstay.db.query import decode_moment_cursor, encode_moment_cursor, page_size
from mainstay.errors import NotSignedIn
from mainstay.mail.settings import Language
from mainstay.modules.mail import api as mail
from mainstay.modules.notifications.schemas import (
    DigestIn,
    FactOut,
    LeavingIn,
    LeavingOut,
    MissedAddressOut,
    NotificationOut,
    NotificationsBulkIn,
    NotificationsOut,
    PreferenceOut,
    PreferencesIn,
    PreferencesOut,
    ReadAllIn,
    UnreachableOut,
    UnreachablesOut,
    UnreadOut,
)
from mainstay.modules.notifications.service import choices, inbox, links, reaching
from mainstay.modules.notifications.service.choices import Choice, Hour
from mainstay.modules.notifications.service.inbox import Entry
from mainstay.modules.notifications.service.links import GATHERED
from mainstay.permission import Public, SignedIn
from mainstay.web.limits.rates import API, limited
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/notifications", tags=["Notifications"])

OwnWork = Annotated[UnitOfWork, work(SignedIn())]
MailWork = Annotated[UnitOfWork, work(mail.LOOKING_AFTER)]
LINK = Public("whoever ends mails by their link need not be able to sign in")
LinkWork = Annotated[UnitOfWork, work(LINK)]
Spoken = Annotated[Language | None, Query(description="Without one, that of one's mails")]
Token = Annotated[str, Query(max_length=250)]
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"$ref": "#/components/responses/NotFound"}}


@router.get("")
async def list_notifications(
    uow: OwnWork,
    language: Spoken = None,
    cursor: Cursor = None,
    limit: Limit = 30,
) -> NotificationsOut:
    """One's notifications, the newest first."""
    person_id, size = _person(uow), page_size(limit)
    spoken = language or await mail.language_of(uow, person_id)
    entries = await inbox.page(uow, person_id, spoken, decode_moment_cursor(cursor), size + 1)
    items = [_shown(entry) for entry in entries[:size]]
    following = encode_moment_cursor(items[-1].created_at, items[-1].id) if len(entries) > size else None
    return NotificationsOut(items=items, next_cursor=following)


@router.get("/unread")
async def count_unread(uow: OwnWork) -> UnreadOut:
    """How many of one's notifications are unread."""
    return UnreadOut(unread=await inbox.unread(uow, _person(uow)))


@router.post("/read", status_code=204)
async def read_all_notifications(uow: OwnWork, read: ReadAllIn) -> None:
    """Mark all as read that came up to a moment."""
    await inbox.read_all(uow, _person(uow), read.up_to)


@router.post("/bulk")
@repeatable
async def change_notifications(uow: OwnWork, wanted: NotificationsBulkIn) -> BulkOut:
    """Mark many of one's notifications as read, or take them out of one's inbox."""
    return await inbox.change_many(uow, _person(uow), wanted)


@router.get("/preferences")
async def read_preferences(uow: OwnWork, language: Spoken = None) -> PreferencesOut:
    """How one is told of each kind, and whether mail reaches one."""
    person_id = _person(uow)
    spoken = language or await mail.language_of(uow, person_id)
    hour, missed = await choices.hour_of(uow, person_id), await reaching.own(uow, person_id)
    return PreferencesOut(
        items=[
            PreferenceOut(
                kind=kind.name,
                title=kind.letters.title(kind.name, spoken),
                in_app=choice.in_app,
                mail=choice.mail,
                is_fixed=kind.is_security,
            )
            for kind, choice in await choices.all_of(uow, person_id)
        ],
        digest_hour=hour.hour,
        time_zone=hour.time_zone,
        unreachable=None if missed is None else MissedAddressOut.model_validate(dict(missed)),
    )


@router.put("/preferences", status_code=204)
async def choose_preferences(uow: OwnWork, chosen: PreferencesIn) -> None:
    """Choose how one is told of some kinds."""
    wanted = {each.kind: Choice(each.in_app, each.mail) for each in chosen.items}
    await choices.choose(uow, _person(uow), wanted)


@router.put("/digest", status_code=204)
async def choose_digest(uow: OwnWork, chosen: DigestIn) -> None:
    """Choose at which hour one gets what is gathered."""
    await choices.choose_hour(uow, _person(uow), Hour(chosen.digest_hour, chosen.time_zone))


@router.post("/address/confirm", status_code=204, responses=UNKNOWN)
async def confirm_address(uow: OwnWork) -> None:
    """Say that one's address is right and takes mails again; when one comes back, it is noted anew."""
    await reaching.clear(uow, _person(uow))


@router.get("/unreachable")
async def list_unreachable(uow: MailWork) -> UnreachablesOut:
    """Whom mail does not reach, the latest first."""
    found = await reaching.everybody(uow)
    return UnreachablesOut(
        items=[UnreachableOut.model_validate({**dict(row), "name": reader.name}) for row, reader in found]
    )


@router.delete("/unreachable/{person_id}", status_code=204)
async def clear_unreachable(uow: MailWork, person_id: UUID) -> None:
    """Write to somebody again: their address was set right, or is."""
    await reaching.clear(uow, person_id)


@router.get("/unsubscribe", status_code=303, response_class=RedirectResponse, responses=UNKNOWN)
@limited(API)
async def open_unsubscribe(uow: LinkWork, token: Token) -> RedirectResponse:
    """Lead to the page that asks whether mails are to end: looking at a link, as mail scanners do, ends nothing."""
    links.read(uow, token)
    return RedirectResponse(f"/unsubscribe#{token}", status_code=303)


@router.post("/unsubscribe", status_code=204, responses=UNKNOWN)
@limited(API)
async def unsubscribe(uow: LinkWork, token: Token) -> None:
    """End the mails of a link at once (RFC 8058); safe to repeat, and nothing of security can be ended."""
    await choices.leave(uow, links.read(uow, token))


@router.post("/unsubscribe/check", responses=UNKNOWN)
@limited(API)
async def check_unsubscribe(uow: LinkWork, given: LeavingIn) -> LeavingOut:
    """Say which mails a link ends."""
    wish = links.read(uow, given.token)
    language = await mail.language_of(uow, wish.person_id)
    kind = choices.kinds_of(uow, wish)[0]
    title = None if wish.kind == GATHERED else kind.letters.title(kind.name, language)
    return LeavingOut(kind=wish.kind, title=title, language=language)


@router.post("/{notification_id}/read", status_code=204)
async def read_notification(uow: OwnWork, notification_id: UUID) -> None:
    """Mark one as read."""
    await inbox.change(uow, _person(uow), notification_id, "read")


@router.delete("/{notification_id}", status_code=204)
async def remove_notification(uow: OwnWork, notification_id: UUID) -> None:
    """Take one out of one's inbox."""
    await inbox.change(uow, _person(uow), notification_id, "remove")


def _person(uow: UnitOfWork) -> UUID:
    if uow.actor.id is None:
        raise NotSignedIn("Sign in to see your notifications.")
    return uow.actor.id


def _shown(entry: Entry) -> NotificationOut:
    row, letter = entry.row, entry.letter
    return NotificationOut(
        id=row["id"],
        kind=row["kind"],
        title=letter.heading if letter else None,
        paragraphs=list(letter.paragraphs) if letter else [],
        facts=[FactOut(label=label, value=value) for label, value in letter.facts] if letter else [],
        path=row["path"],
        action=letter.button.label if letter and letter.button else None,
        created_at=row["created_at"],
        read_at=row["read_at"],
    )
