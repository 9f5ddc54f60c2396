"""Telling people: an entry in the inbox of each, and a mail to who wants one at once and can be reached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

import structlog

from mainstay import clock, ids
from mainstay.messages.notification import NotificationKind
from mainstay.modules.identity import api as identity
from mainstay.modules.identity.api import Reader
from mainstay.modules.mail import api as mail
from mainstay.modules.mail.api import Recipient
from mainstay.modules.notifications.repository import items
from mainstay.modules.notifications.repository import people as people_rows
from mainstay.modules.notifications.repository.items import Content, Told
from mainstay.modules.notifications.service import choices, links, reaching, texts
from mainstay.modules.notifications.service.choices import Choice
from mainstay.work import UnitOfWork

OFF: Final = "off"

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What people are told: `values` fill the letter of its kind, `path` is the page of the app that it is about.

    With `once` nobody is told again for whom there is one of the same kind and text.
    """

    kind: NotificationKind
    values: Mapping[str, str] = field(default_factory=dict)
    path: str | None = None
    once: str | None = None


async def tell_holders(uow: UnitOfWork, notice: Notice, place_id: UUID | None) -> None:
    """Tell everybody who holds the right of the kind, and reaches `place_id`."""
    right = notice.kind.right
    if right is None:
        raise ValueError(f"notifications of the kind {notice.kind.name} are for people who are named")
    await _tell(uow, notice, await identity.readers_with_right(uow, right, place_id))


async def tell_people(uow: UnitOfWork, notice: Notice, person_ids: Iterable[UUID]) -> None:
    """Tell some people; those who are gone are not told."""
    await _tell(uow, notice, await identity.readers_of(uow, person_ids))


async def _tell(uow: UnitOfWork, notice: Notice, readers: Sequence[Reader]) -> None:
    kind = notice.kind
    rows = await people_rows.chosen(uow, kind.name, [reader.id for reader in readers])
    wanted = {reader.id: choices.chosen(kind, rows.get(reader.id)) for reader in readers}
    missed = await reaching.missed(uow, readers)
    ways = {reader.id: _way(uow, wanted[reader.id], reader, missed) for reader in readers}
    told = [Told(ids.new_id(), key, wanted[key].in_app, way) for key, way in ways.items()]
    heard = [one for one in told if one.in_app or one.mail != OFF]
    if not heard:
        return
    content = Content(kind.name, notice.values, notice.path, notice.once, clock.now())
    new = await items.add(uow, heard, content)
    by_mail = {one.person_id for one in heard if one.mail == "sent"} & new
    await _send(uow, notice, [reader for reader in readers if reader.id in by_mail])
    logger.info("notification", kind=kind.name, people=len(new), by_mail=len(by_mail))


def _way(uow: UnitOfWork, choice: Choice, reader: Reader, missed: frozenset[UUID]) -> str:
    """Return what becomes of a notification by mail."""
    if not mail.is_there(uow) or choice.mail == OFF:
        return OFF
    if choice.mail == "digest":
        return "digest"
    return "unreachable" if reader.id in missed else "sent"


async def _send(uow: UnitOfWork, notice: Notice, readers: Sequence[Reader]) -> None:
    languages = await mail.languages_of(uow, [reader.id for reader in readers]) if readers else {}
    for reader in readers:
        language = languages[reader.id]
        letter = texts.letter_of(uow, notice.kind, notice.values, language, notice.path)
        if not notice.kind.is_security and uow.setup.keyring is not None:
            wish = links.Wish(reader.id, notice.kind.name)
            letter = replace(letter, leaving=links.leaving(uow, wish, language))
        await mail.send(uow, notice.kind.name, Recipient(reader.address, reader.name), letter)
