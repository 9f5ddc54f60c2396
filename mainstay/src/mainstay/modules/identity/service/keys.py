"""API keys: make, show once, list, rename, revoke, and be recognised by one."""

import re
import zlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from mainstay import crypto
from mainstay.errors import NotAllowed
from mainstay.messages.audit import Entry, Values
from mainstay.modules.identity.errors import InvalidToken, KeyIdTaken, KeyUnknown, TooManyKeys
from mainstay.modules.identity.events import ApiKeyMade, ApiKeyRevoked
from mainstay.modules.identity.repository import keys as repository
from mainstay.modules.identity.repository.keys import NewKey
from mainstay.modules.identity.service import rights
from mainstay.modules.identity.service.recent import RECENT
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import Actor, Row, UnitOfWork

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# 43 of 62 characters are 256 bits; 6 hold any 32-bit checksum.
RANDOM_LENGTH = 43
CHECK_LENGTH = 6
MOST_KEYS = 100

_BODY = re.compile(rf"[0-9A-Za-z]{{{RANDOM_LENGTH + CHECK_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key, with the text that is shown this once."""

    text: str
    row: Row


def new_key(prefix: str) -> str:
    """Return a key such as `tp_…`: the prefix, 256 random bits and a checksum, so that scanners can tell it."""
    start = f"{prefix}_{crypto.new_text(ALPHABET, RANDOM_LENGTH)}"
    return start + checksum(start)


def checksum(text: str) -> str:
    """Return the CRC-32 of `text` in six characters: it finds typing errors, it protects nothing."""
    number, signs = zlib.crc32(text.encode()), ""
    for _ in range(CHECK_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        signs = ALPHABET[rest] + signs
    return signs


def is_shaped(text: str, prefix: str) -> bool:
    """Whether `text` can be a key of this program at all."""
    start, body = f"{prefix}_", text.removeprefix(f"{prefix}_")
    return (
        text.startswith(start)
        and _BODY.fullmatch(body) is not None
        and checksum(text[:-CHECK_LENGTH]) == text[-CHECK_LENGTH:]
    )


async def make(uow: UnitOfWork, key: NewKey) -> MadeKey:
    """Make a key with rights that its maker holds. Raises NotAllowed, KeyIdTaken and TooManyKeys."""
    if key.person_id is None:
        # Nobody could say to whose stores and records it would be limited.
        uow.actor.demand_everywhere(*uow.setup.roles.records)
    lacking = sorted(right for right in key.permissions if right not in grantable(uow))
    if lacking:
        raise NotAllowed("A key can only be given rights that you hold.", extra={"permission": lacking[0]})
    if await repository.count(uow, key.person_id) >= MOST_KEYS:
        raise TooManyKeys(f"There are {MOST_KEYS} keys; revoke one that is not used any more.")
    prefix = uow.setup.settings.of(IdentitySettings).key_prefix
    text = new_key(prefix)
    row = await repository.add(uow, key, crypto.digest(text), f"{text[: len(prefix) + 5]}…{text[-CHECK_LENGTH:]}")
    if row is None:
        raise KeyIdTaken("A key with this id exists; its text was shown when it was made.")
    uow.publish(ApiKeyMade(key_id=key.id, person_id=key.person_id))
    new: Values = {"name": key.name, "permissions": key.permissions, "is_service": key.person_id is None}
    uow.record(Entry("identity.key_made", "identity.key", key.id, new=new))
    return MadeKey(text, row)


def grantable(uow: UnitOfWork) -> frozenset[str]:
    """Return the rights that the actor may give to a key: their own, but those that are for people alone."""
    return uow.actor.permissions - uow.setup.roles.for_people


async def list_keys(uow: UnitOfWork, person_id: UUID | None) -> list[Row]:
    """Return the keys of a person, or of services, the newest first."""
    return await repository.all_of(uow, person_id, MOST_KEYS)


async def rename(uow: UnitOfWork, key_id: UUID, person_id: UUID | None, name: str) -> Row:
    """Give a key another name. Raises KeyUnknown."""
    row = await repository.rename(uow, key_id, person_id, name)
    if row is None:
        raise KeyUnknown("There is no such key.")
    uow.record(Entry("identity.key_renamed", "identity.key", key_id, new={"name": name}))
    return row


async def revoke(uow: UnitOfWork, key_id: UUID, person_id: UUID | None) -> None:
    """End a key: at once in this process, within a second in every other. Raises KeyUnknown."""
    row = await repository.revoke(uow, key_id, person_id)
    if row is None:
        raise KeyUnknown("There is no such key.")
    RECENT.drop(source=key_id)
    uow.publish(ApiKeyRevoked(key_id=key_id, person_id=person_id))
    uow.record(Entry("identity.key_revoked", "identity.key", key_id, old={"name": row["name"]}))


async def authenticate(uow: UnitOfWork, text: str) -> tuple[Actor, UUID]:
    """Return whom a key acts for, and its id; at most one statement. Raises InvalidToken.

    A person's key holds the chosen rights as far as the person holds them now; a service's holds those it was given.
    """
    settings = uow.setup.settings.of(IdentitySettings)
    if not is_shaped(text, settings.key_prefix):
        raise InvalidToken("This API key is not whole; copy it again.")
    row = await repository.use(uow, crypto.digest(text), timedelta(seconds=settings.session_touch))
    if row is None:
        raise InvalidToken("This API key was revoked, has run out or never existed.")
    chosen = frozenset(row["chosen"]) - uow.setup.roles.for_people
    if row["person_id"] is None:
        return Actor("service", row["id"], row["key_name"], permissions=chosen), row["id"]
    held = chosen & rights.held_by(uow, row)
    who = (row["person_id"], row["name"], row["role"])
    return Actor("person", *who, held, factor=row["factor"], reach=rights.reach_of(uow, row)), row["id"]
