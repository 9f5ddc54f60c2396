"""Audit entry: who did what to which thing, appended in the transaction that did it; see `mainstay.modules.audit`.

An entry has two halves. What the chain of hashes covers names nobody: ids, the act, the moment, and a salted digest of
each private part. The private parts (who the actor was, what changed and why) lie beside it and may be erased without
breaking the chain. Why so: docs/decisions/0021-audit-trail.md.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from mainstay import context, crypto, ids
from mainstay.errors import JsonValue

# One statement for all entries; the function lives in the migrations.
APPEND = "SELECT audit_append($1::jsonb)"
# The same together with events, in one round trip; see `mainstay.messages.log.PUBLISH`.
PUBLISH_AND_APPEND = "SELECT mainstay_publish($1::jsonb), audit_append($2::jsonb)"

ACTOR = "actor"
CHANGE = "change"
# Values under such names are secrets, or as good as: an entry says that they changed, never what they are.
_SECRET = re.compile(r"password|secret|token|private_key|recovery_code|api_key|(?:^|_)pin(?:$|_)", re.IGNORECASE)

Values = Mapping[str, JsonValue]


class SecretRecorded(Exception):
    """An entry was to hold a secret; the program has a mistake."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: `act` reads `<module>.<what_happened>`, `object_type` `<module>.<noun>`, both stable for ever.

    `old` and `new` hold the fields that changed, `reason` what the actor gave as one, `approver_id` who else had to
    agree. Raises SecretRecorded when a field is named like a secret and has more than a yes, a no or a count.
    """

    act: str
    object_type: str
    object_id: UUID | str | None = None
    old: Values | None = None
    new: Values | None = None
    reason: str | None = None
    approver_id: UUID | None = None

    def __post_init__(self) -> None:
        _refuse_secrets(self.old)
        _refuse_secrets(self.new)


def _refuse_secrets(value: JsonValue) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if _SECRET.search(name) and not isinstance(inner, bool | int | None):
                raise SecretRecorded(f"the field {name} of an audit entry would hold a secret")
            _refuse_secrets(inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            _refuse_secrets(inner)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry with who acts, in which request and from where."""

    entry: Entry
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    actor_role: str
    request_id: str
    address: str | None


def envelope(entries: Iterable[Recorded]) -> str:
    """Return the JSON argument of the SQL function `audit_append`."""
    return json.dumps([_envelope(each) for each in entries], ensure_ascii=False, separators=(",", ":"))


def _envelope(recorded: Recorded) -> dict[str, JsonValue]:
    entry = recorded.entry
    if entry.object_id is not None:
        context.note_about((entry.object_id,))
    private = {part: _salted(content) for part, content in _private(recorded).items()}
    return {
        "id": str(ids.new_id()),
        "act": entry.act,
        "object_type": entry.object_type,
        "object_id": None if entry.object_id is None else str(entry.object_id),
        "actor_kind": recorded.actor_kind,
        "actor_id": None if recorded.actor_id is None else str(recorded.actor_id),
        "actor_role": recorded.actor_role,
        "approver_id": None if entry.approver_id is None else str(entry.approver_id),
        "request_id": recorded.request_id,
        "private": private,
    }


def _private(recorded: Recorded) -> dict[str, dict[str, JsonValue]]:
    entry = recorded.entry
    # The program itself has no name to keep.
    name = None if recorded.actor_kind == "system" else recorded.actor_name or None
    actor: dict[str, JsonValue] = {"name": name, "address": recorded.address}
    change: dict[str, JsonValue] = {"old": entry.old, "new": entry.new, "reason": entry.reason}
    parts = {ACTOR: actor, CHANGE: change}
    return {part: content for part, content in parts.items() if any(content.values())}


def _salted(content: dict[str, JsonValue]) -> dict[str, JsonValue]:
    salt = crypto.new_salt()
    return {"salt": salt.hex(), "content": content, "digest": private_digest(salt, content).hex()}


def private_digest(salt: bytes, content: object) -> bytes:
    """Return the digest by which the chain covers a private part: without the salt, nobody can try out guesses."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hmac.new(salt, text.encode(), hashlib.sha256).digest()
