"""The export: the whole chain as lines of JSON, which anybody can verify without the program's database.

The first line says where the chain begins, the last one where it ends; between them stands a line for each entry, with
its hashed fields, its hashes, and what has not been erased of its private parts with their salts.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from mainstay import clock
from mainstay.messages.audit import Entry
from mainstay.modules.audit.repository import chain as repository
from mainstay.modules.audit.repository.chain import HashedEntry
from mainstay.modules.audit.service.chain import BATCH, FORMAT, GENESIS, Head, content_of, seal
from mainstay.work import Row, UnitOfWork


async def export(uow: UnitOfWork, write: Callable[[str], object]) -> Head:
    """Seal, hand every line of the export to `write`, and return the head that it ends with.

    The export holds names, so it is an entry itself (rule 39): its own last one.
    """
    await uow.record_apart(Entry("audit.exported", "audit.trail"))
    head = await seal(uow)
    found = await repository.checkpoint(uow)
    start = GENESIS if found is None else Head(*found)
    write(_line({"format": FORMAT, "exported_at": clock.now().isoformat(), "checkpoint": _head(start)}))
    async for row in _rows(uow, start.sequence):
        write(_line(_entry(row)))
    write(_line({"head": _head(head), "entries": head.sequence - start.sequence}))
    return head


async def _rows(uow: UnitOfWork, after: int) -> AsyncIterator[Row]:
    while rows := await repository.linked(uow, after, BATCH):
        for row in rows:
            yield row
        after = rows[-1]["sequence"]


def _entry(row: Row) -> Mapping[str, Any]:
    return {
        "sequence": row["sequence"],
        "previous": row["previous"].hex(),
        "hash": row["hash"].hex(),
        "entry": content_of(HashedEntry.of(row)),
        "private": row["private"] or {},
    }


def _head(head: Head) -> Mapping[str, Any]:
    return {"sequence": head.sequence, "hash": head.hash.hex()}


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
