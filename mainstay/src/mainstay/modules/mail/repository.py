"""Every statement of mail. Moments are the database's, so that all processes agree on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, StringConstraints

from mainstay.db.grammar import RANGE, Asked, Filter, Grammar, Order, both
from mainstay.modules.mail.schemas import State
from mainstay.work import Row, UnitOfWork

Address = Annotated[str, StringConstraints(max_length=320)]

ADD = """
INSERT INTO mail_message (id, name, recipient, recipient_name, letter_sealed, state, reason, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $6 = 'waiting' THEN NULL ELSE now() END)
"""

WAITING = """
SELECT id, name, recipient, recipient_name, letter_sealed, created_at FROM mail_message
WHERE id = $1 AND state = 'waiting'
"""

NOTE_TRY = """
UPDATE mail_message SET tries = tries + 1, reason = $2, told = $3 WHERE id = $1 AND state = 'waiting'
"""

END = """
UPDATE mail_message
SET state = $2, reason = $3, told = $4, tries = tries + 1, ended_at = now(), letter_sealed = NULL
WHERE id = $1 AND state = 'waiting'
"""

GIVE_UP = """
UPDATE mail_message SET state = 'given_up', ended_at = now() WHERE id = $1 AND state = 'waiting' RETURNING id
"""

WAIT_AGAIN = """
UPDATE mail_message SET state = 'waiting', ended_at = NULL WHERE id = $1 AND state = 'given_up' RETURNING id
"""

STATUS = """
SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
       min(created_at) FILTER (WHERE state = 'waiting') AS waiting_since,
       count(*) FILTER (WHERE state IN ('refused', 'given_up', 'unsent')
                        AND created_at > now() - interval '30 days') AS troubled,
       max(ended_at) FILTER (WHERE state = 'sent') AS last_sent_at
FROM mail_message
"""

WAITS_LONGER = """
SELECT EXISTS (SELECT FROM mail_message WHERE state = 'waiting' AND created_at < now() - $1::interval)
"""

MESSAGES = Grammar(
    """
SELECT id, name, recipient, state, tries, reason, told, created_at, ended_at FROM mail_message
WHERE {conditions} ORDER BY {order} LIMIT {limit}
""",
    both(created_at=Order((("created_at", "timestamptz"),))),
    "-created_at",
    {
        "state": Filter(State, "state", ("in",)),
        "recipient": Filter(Address, "recipient", about="The address that it was for"),
        "created_at": Filter(AwareDatetime, "created_at", RANGE),
    },
)

# What cannot be delivered any more goes with its letter, however it ended: a mail is no record of the shop's.
FORGET = "DELETE FROM mail_message WHERE state <> 'waiting' AND created_at < now() - $1::interval"

# A server that took it may find out later that it cannot deliver it: also before it is on record that it took it, which
# it does within milliseconds, or when its answer was lost. Nobody sends it again then.
BOUNCE = """
UPDATE mail_message
SET state = 'refused', reason = $2, told = $3, ended_at = coalesce(ended_at, now()), letter_sealed = NULL
WHERE id = $1 AND state IN ('sent', 'waiting', 'given_up') RETURNING id
"""

BOUNCED = "SELECT recipient, reason, told FROM mail_message WHERE id = $1 AND state = 'refused'"

LANGUAGES = "SELECT person_id, language FROM mail_reader WHERE person_id = ANY($1)"

CHOOSE_LANGUAGE = """
INSERT INTO mail_reader (person_id, language) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE SET language = excluded.language WHERE mail_reader.language <> excluded.language
"""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A mail about to be kept; one without a letter is kept only to say that it was not sent, and why."""

    id: UUID
    name: str
    recipient: str
    recipient_name: str
    letter_sealed: bytes | None
    state: str = "waiting"
    reason: str | None = None


async def add(uow: UnitOfWork, new: NewMessage) -> None:
    """Keep a mail."""
    await uow.write(ADD, new.id, new.name, new.recipient, new.recipient_name, new.letter_sealed, new.state, new.reason)


async def waiting(uow: UnitOfWork, key: UUID) -> Row | None:
    """Find a mail that waits; None when it was dealt with."""
    return await uow.read_row(WAITING, key)


async def note_try(uow: UnitOfWork, key: UUID, reason: str, told: str) -> None:
    """Remember that a mail was not taken this time."""
    await uow.write(NOTE_TRY, key, reason, told or None)


async def end(uow: UnitOfWork, key: UUID, state: str, reason: str | None, told: str | None) -> None:
    """Remember what became of a mail, and forget what it said."""
    await uow.write(END, key, state, reason, told)


async def give_up(uow: UnitOfWork, key: UUID) -> bool:
    """Let a mail wait no longer; what it says is kept, so that it can be tried again."""
    return bool(await uow.write(GIVE_UP, key))


async def wait_again(uow: UnitOfWork, key: UUID) -> bool:
    """Let a mail that was given up wait once more; False when it is in another state."""
    return bool(await uow.write(WAIT_AGAIN, key))


async def exists(uow: UnitOfWork, key: UUID) -> bool:
    """Whether there is such a mail."""
    return bool(await uow.read("SELECT id FROM mail_message WHERE id = $1", key))


async def status(uow: UnitOfWork) -> Row:
    """Count what waits and what went wrong."""
    rows = await uow.read(STATUS)
    return rows[0]


async def waits_longer(uow: UnitOfWork, age: timedelta) -> bool:
    """Say whether a mail has waited for longer than `age`."""
    return bool(await uow.read_value(WAITS_LONGER, age))


async def messages(uow: UnitOfWork, asked: Asked, cursor: str | None, size: int) -> tuple[list[Row], str | None]:
    """Return a page of the mails that fit, and the cursor of the next one."""
    sql, values = MESSAGES.select(asked, cursor, size)
    return MESSAGES.order(asked).page(await uow.read(sql, *values), size)


async def forget(uow: UnitOfWork, age: timedelta) -> None:
    """Delete mails that were dealt with and are older than `age`."""
    await uow.write(FORGET, age)


async def bounce(uow: UnitOfWork, key: UUID, reason: str, told: str) -> bool:
    """Remember that a mail that was taken came back; False when it did before, was refused, or is forgotten."""
    return bool(await uow.write(BOUNCE, key, reason, told))


async def bounced(uow: UnitOfWork, key: UUID) -> Row | None:
    """Return to whom a mail could not be delivered, and why."""
    return await uow.read_row(BOUNCED, key)


async def languages(uow: UnitOfWork, person_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the languages that people chose; who did not is absent."""
    return {row["person_id"]: row["language"] for row in await uow.read(LANGUAGES, list(person_ids))}


async def language_of(uow: UnitOfWork, person_id: UUID | None) -> str | None:
    """Return the language a person chose; None when they did not."""
    found: str | None = await uow.read_value("SELECT language FROM mail_reader WHERE person_id = $1", person_id)
    return found


async def choose_language(uow: UnitOfWork, person_id: UUID, language: str) -> None:
    """Remember the language a person chose."""
    await uow.write(CHOOSE_LANGUAGE, person_id, language)
