"""Kinds of answers that are kept: modules declare them, and say from which tables each is read."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import orjson
from pydantic import BaseModel, TypeAdapter

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True)
class Kind(Generic[Answer]):
    """A kind of answer: its name, its type, the `tables` it is read from, and for how many `seconds` it is kept.

    Each of the tables must be watched (`mainstay.db.topics.watch`), or nothing is kept. Each actor has answers of
    their own, unless the kind `is_shared`: then everybody is given the same one, which must not depend on who asks;
    what somebody may see of it is chosen afterwards.
    """

    name: str
    shape: type[Answer]
    tables: tuple[str, ...]
    seconds: int = 300
    is_shared: bool = False

    @cached_property
    def _adapter(self) -> TypeAdapter[Answer]:
        return TypeAdapter(self.shape)

    @cached_property
    def form(self) -> str:
        """What the kept form is called: another version of the program with another type reads none of these."""
        schema = orjson.dumps(self._adapter.json_schema(), option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(schema).hexdigest()[:8]

    def pack(self, answer: Answer) -> bytes:
        """Return an answer as JSON."""
        return self._adapter.dump_json(answer)

    def unpack(self, packed: bytes) -> Answer:
        """Return the answer again, checked against its type; raises ValueError when it is none."""
        return self._adapter.validate_json(packed)
