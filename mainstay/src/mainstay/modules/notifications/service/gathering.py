"""The daily mail: what a person wants gathered, once, in the transaction that keeps the mail until it is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from mainstay import clock
from mainstay.mail.letter import Letter, moment_text
from mainstay.mail.settings import Language
from mainstay.modules.identity import api as identity
from mainstay.modules.identity.api import Reader
from mainstay.modules.mail import api as mail
from mainstay.modules.mail.api import Recipient
from mainstay.modules.notifications.repository import items as repository
from mainstay.modules.notifications.service import choices, inbox, links, reaching
from mainstay.modules.notifications.service.choices import Hour
from mainstay.modules.notifications.service.texts import LETTERS
from mainstay.work import Row, UnitOfWork

NAME: Final = "notifications.gathered"
PAGE: Final = "/notifications"
MOST_LINES: Final = 30


async def send_due(uow: UnitOfWork) -> None:
    """Send each person what has waited since before their hour; who cannot be reached keeps it waiting."""
    if not mail.is_there(uow):
        return
    moment = clock.now()
    waiting = await repository.waiting(uow)
    due = [row["person_id"] for row in waiting if row["since"] < last_due(moment, choices.hour_in(uow, row))]
    if not due:
        return
    readers = await identity.readers_of(uow, due)
    missed = await reaching.missed(uow, readers)
    languages = await mail.languages_of(uow, due)
    holders = await _holders(uow)
    for reader in readers:
        if reader.id not in missed:
            rows = [row for row in await repository.gather(uow, reader.id) if _may_know(row, reader, holders)]
            await _send(uow, reader, rows, languages[reader.id])


def last_due(moment: datetime, wanted: Hour) -> datetime:
    """Return the latest moment up to `moment` at which the clock of a time zone showed an hour, of a day the first."""
    local = moment.astimezone(ZoneInfo(wanted.time_zone))
    due = local.replace(hour=wanted.hour, minute=0, second=0, microsecond=0, fold=0)
    return due if due <= local else due - timedelta(days=1)


async def _holders(uow: UnitOfWork) -> dict[str, frozenset[UUID]]:
    """Return who holds the right of each kind now: some lost theirs since they were told."""
    kinds = [(kind.name, kind.right) for kind in uow.setup.notifications.values() if kind.right is not None]
    by_right = {right: await identity.readers_with_right(uow, right) for right in {right for _, right in kinds}}
    return {name: frozenset(reader.id for reader in by_right[right]) for name, right in kinds}


def _may_know(row: Row, reader: Reader, holders: Mapping[str, frozenset[UUID]]) -> bool:
    return row["kind"] not in holders or reader.id in holders[row["kind"]]


async def _send(uow: UnitOfWork, reader: Reader, rows: Sequence[Row], language: Language) -> None:
    if not rows:
        return
    letter = _letter(uow, rows, language)
    if uow.setup.keyring is not None:
        wish = links.Wish(reader.id, links.GATHERED)
        letter = replace(letter, leaving=links.leaving(uow, wish, language))
    await mail.send(uow, NAME, Recipient(reader.address, reader.name), letter)


def _letter(uow: UnitOfWork, rows: Sequence[Row], language: Language) -> Letter:
    """Return the mail: the newest first, each as a line; of many the rest is a number."""
    written = [(row, inbox.written(uow, row, language)) for row in reversed(rows)]
    lines = [(moment_text(row["created_at"], language), one.heading if one else row["kind"]) for row, one in written]
    values = {"brand": mail.brand(uow), "count": str(len(rows)), "more": str(max(0, len(rows) - MOST_LINES))}
    letter = LETTERS.write(NAME, language, values, mail.link(uow, PAGE))
    notes = letter.notes if len(rows) > MOST_LINES else ()
    return replace(letter, facts=tuple(lines[:MOST_LINES]), notes=notes)
