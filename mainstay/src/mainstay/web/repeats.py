"""Calls that are made twice: what an unsafe call did and answered is kept under the key that its caller gave it.

A route says so under its own decorator, `@repeatable`. What its caller sends again with the same `Idempotency-Key`, as
after an answer that was lost, is answered as it was and not done again
(https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/). Why so:
docs/decisions/0056-lists-and-calls-made-twice.md.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from starlette.types import Scope

from mainstay.messages.repeat import FIND, HOLD, KEEP
from mainstay.web.errors import CallUnderWay, KeyReused, MalformedKey
from mainstay.web.head import header
from mainstay.work import UnitOfWork

KEY: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
LONGEST_KEY: Final = 200
_HEADER: Final = KEY.lower().encode()
_TOLD: Final = (REPLAYED.lower().encode(), b"true")
# A key as it is, or as a text of structured fields (RFC 9651, 3.3.3): quotes and backslashes in it are escaped.
_BARE: Final = re.compile(r"[!#-\[\]-~]+")
_QUOTED: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"')
_NAME: Final = "mainstay_repeatable"
# Of a kept answer: the reply makes them itself.
_OF_THE_REPLY: Final = frozenset({b"content-length", b"content-type"})


Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call was answered."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A call with a key: what is asked, and a digest of all that may differ in it (32 bytes)."""

    name: str
    key: str
    fingerprint: bytes

    async def begin(self, uow: UnitOfWork) -> Answer | None:
        """Return what was answered when it was made before, None when it is new: then nobody else makes it meanwhile.

        Raises CallUnderWay when it is being made now, KeyReused when the key was given to another call.
        """
        actor_id = uow.actor.id
        held = await uow.write_row(HOLD, f"{actor_id} {self.name} {self.key}")
        if held is None or not held["is_held"]:
            raise CallUnderWay(
                "The first call with this key is not finished; send it again in a moment.", headers={"Retry-After": "1"}
            )
        row = await uow.write_row(FIND, actor_id, self.name, self.key)
        if row is None:
            return None
        if row["fingerprint"] != self.fingerprint:
            raise KeyReused(f"Another call was made with this {KEY} before; give each call a key of its own.")
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in row["headers"].items()]
        return Answer(row["status"], (*headers, _TOLD), row["content"])

    async def keep(self, uow: UnitOfWork, answer: Answer) -> None:
        """Keep the answer with what the call did: both are there, or neither."""
        kept = json.dumps(
            {
                name.decode("latin-1"): value.decode("latin-1")
                for name, value in answer.headers
                if name not in _OF_THE_REPLY
            }
        )
        told = (self.fingerprint, answer.status, kept, answer.content)
        await uow.write(KEEP, uow.actor.id, self.name, self.key, *told)


def repeatable(endpoint: Endpoint) -> Endpoint:
    """Mark a route whose calls may be made again with a key.

    It needs none whose input has an id that the client chose: the id does the same. It answers no secret, because
    answers are kept, and does everything in its UnitOfWork.
    """
    endpoint.__dict__[_NAME] = True
    return endpoint


def is_repeatable(endpoint: Callable[..., object]) -> bool:
    """Whether a route's function is marked so."""
    return bool(endpoint.__dict__.get(_NAME))


def call_of(scope: Scope, name: str, body: bytes | None) -> Call | None:
    """Return the call of a request that has a key, None for one without. Raises MalformedKey."""
    given = header(scope, _HEADER)
    if given is None:
        return None
    parts = (scope["path"].encode(), scope["query_string"], body or b"")
    return Call(name, _key(given.decode("latin-1").strip()), hashlib.sha256(b"\x00".join(parts)).digest())


def _key(given: str) -> str:
    quoted = _QUOTED.fullmatch(given)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else given
    if not (quoted or _BARE.fullmatch(given)) or len(key) > LONGEST_KEY:
        raise MalformedKey(f"The header {KEY} is a text of 1 to {LONGEST_KEY} ASCII characters, such as a random UUID.")
    return key


def add_key(described: dict[str, Any]) -> None:
    """Add to an operation, as OpenAPI describes it, the key that it takes and what its replies tell."""
    described.setdefault("parameters", []).append(
        {
            "name": KEY,
            "in": "header",
            "required": False,
            "description": "A text of your choice, such as a random UUID, new for each call: the call sent again with "
            "it is answered as before and not carried out again; with another input it is refused",
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
        }
    )
    told = {"description": "`true` when this is the answer to an earlier call", "schema": {"type": "string"}}
    for status, reply in described["responses"].items():
        if status.startswith("2"):
            reply.setdefault("headers", {})[REPLAYED] = told
