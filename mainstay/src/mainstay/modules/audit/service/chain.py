"""The chain of hashes: what is hashed and how, and sealing, which gives every entry its place.

Sealing runs apart from the acts, so that their transactions neither wait for each other nor fork the chain.
Why so: docs/decisions/0021-audit-trail.md.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

import structlog

from mainstay.modules.audit.repository import chain as repository
from mainstay.modules.audit.repository.chain import HashedEntry, Link
from mainstay.work import UnitOfWork

logger = structlog.stdlib.get_logger(__name__)

# Part of what is hashed: a changed way of hashing is a new name.
FORMAT = "mainstay-audit-1"
# The order is part of the format.
FIELDS = (
    "id",
    "happened_at",
    "act",
    "object_type",
    "object_id",
    "actor_kind",
    "actor_id",
    "actor_role",
    "approver_id",
    "request_id",
    "actor_digest",
    "change_digest",
)
BATCH = 1000

Content = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Head:
    """How far a chain goes, and the hash of its last entry."""

    sequence: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash.hex()}"


# What the first entry of all names as the hash before it.
GENESIS = Head(0, bytes(32))


def content_of(entry: HashedEntry) -> dict[str, str | None]:
    """Return the fields that are hashed as they are written into an export: text, or null."""
    texts = {
        "id": str(entry.id),
        "happened_at": entry.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor_id": None if entry.actor_id is None else str(entry.actor_id),
        "approver_id": None if entry.approver_id is None else str(entry.approver_id),
        "actor_digest": None if entry.actor_digest is None else entry.actor_digest.hex(),
        "change_digest": None if entry.change_digest is None else entry.change_digest.hex(),
    }
    return {name: texts[name] if name in texts else getattr(entry, name) for name in FIELDS}


def link_hash(previous: Head, content: Content) -> bytes:
    """Return the hash of the entry that follows `previous`: SHA-256 over a JSON list of declared fields."""
    values = [FORMAT, previous.sequence + 1, previous.hash.hex(), *(content.get(name) for name in FIELDS)]
    return hashlib.sha256(json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()).digest()


async def seal(uow: UnitOfWork) -> Head:
    """Give every committed entry that has none its place in the chain; return the head."""
    await repository.hold_chain(uow)
    began = head = await _head(uow)
    while entries := await repository.pending(uow, BATCH):
        links = []
        for entry in entries:
            following = Head(head.sequence + 1, link_hash(head, content_of(entry)))
            links.append(Link(following.sequence, entry.position, head.hash, following.hash))
            head = following
        await repository.add_links(uow, links)
    if head != began:
        # The anchor: whoever keeps the log can tell a chain that was cut off or made anew.
        logger.info("the audit chain was sealed", entries=head.sequence - began.sequence, head=str(head))
    return head


async def _head(uow: UnitOfWork) -> Head:
    found = await repository.head(uow)
    return GENESIS if found is None else Head(*found)
