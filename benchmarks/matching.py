"""Look for known duplicates among made contacts in the database: `make match`, or with `--contacts N`.

The program's own code on its own PostgreSQL: contacts come in as from a file, the background scan goes over all of
them, and contacts that are not there yet are checked as drafts, one at a time. Prints, and writes to
benchmarks/results/: the time and the memory of the scan, its precision and recall, and the time of a check, the
database's part included. Fails when 95 of 100 checks take too long or the memory grows with the table.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil

from benchmarks.people import Makers
from mainstay import clock, ids
from mainstay.bootstrap.prepare import prepare
from mainstay.bootstrap.runtime import opened
from mainstay.db.address import with_role
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.work import SYSTEM, WorkOpener
from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.repository.duplicates import next_ids
from tradepost.crm.schemas import ContactIn
from tradepost.crm.service import duplicates, records
from tradepost.main import make_program

RESULTS = Path(__file__).parent / "results"
SEED = 20261121
SHARE_TWICE = 0.1
# One contact is checked in less than this at the 95th percentile.
BUDGET_MS = 10.0
LOADED_AT_ONCE = 1000
DRAFTS = 500
MEBI = 1024 * 1024
Pair = tuple[UUID, UUID]
# What the scan of the whole table may take more than that of its first tenth.
MORE_MEMORY = 60 * MEBI


@dataclass(slots=True)
class Made:
    """The contacts in the database by the person they are of, and those that are kept back as drafts."""

    people: dict[int, list[UUID]] = field(default_factory=dict)
    drafts: list[tuple[int, ContactRecord]] = field(default_factory=list)

    def truth(self) -> set[Pair]:
        """Return the pairs of contacts that are the same person."""
        known = (sorted(found) for found in self.people.values())
        return {(one, other) for found in known for place, one in enumerate(found) for other in found[place + 1 :]}


def main() -> None:
    """Measure, print, write the result, and fail for a budget that is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    result = asyncio.run(measure(parser.parse_args().contacts))
    text = json.dumps(result, indent=1, ensure_ascii=False)
    print(text)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{clock.now().date().isoformat()}-matching.json").write_text(f"{text}\n", encoding="utf-8")
    if result["check, ms"]["p95"] >= BUDGET_MS:
        raise SystemExit(f"95 of 100 checks take {result['check, ms']['p95']} ms, not under {BUDGET_MS:g}.")
    if result["scan"]["growth, MiB"] * MEBI > MORE_MEMORY:
        raise SystemExit(f"The scan's memory grows by {result['scan']['growth, MiB']} MiB with the table.")


async def measure(count: int) -> dict[str, Any]:
    """Fill a database, scan it, check drafts against it, and return the figures."""
    load = os.getloadavg()
    async with database() as open_work:
        made = Made()
        loading = await timed(load_all(open_work, made, count))
        scan = await scanned(open_work)
        checks = await checked(open_work, made)
        found = await pairs(open_work)
    truth = made.truth()
    likely = set(found)
    return {
        "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "load": load},
        "contacts": sum(map(len, made.people.values())),
        "duplicates": len(truth),
        "loaded in, s": round(loading, 1),
        "scan": scan,
        "likely": quality(likely, truth),
        "certain": quality({pair for pair, is_certain in found.items() if is_certain}, truth),
        **checks,
    }


@asynccontextmanager
async def database() -> AsyncIterator[WorkOpener]:
    """Open units of work on a new database of the program's own server."""
    program = make_program()
    configuration = program.configuration()
    with tempfile.TemporaryDirectory(prefix="tradepost-match-") as folder:
        open_to_others(folder)
        with EmbeddedPostgres(Path(folder) / "data", database="tradepost") as server:
            url = with_role(server.dsn)
            await prepare(program, configuration, url)
            async with opened(program, configuration, url, name="match") as open_work:
                yield open_work


def open_to_others(folder: str) -> None:
    """Let the database server in, which runs as another user below the folder."""
    Path(folder).chmod(0o755)


async def load_all(open_work: WorkOpener, made: Made, count: int) -> None:
    """Bring the contacts in by the thousand, but for the second copies of some people, which are kept as drafts."""
    waiting = kept(Makers(SEED).contacts(count, int(count * SHARE_TWICE)), made)
    while batch := list(islice(waiting, LOADED_AT_ONCE)):
        async with open_work(SYSTEM) as uow:
            created = await records.import_records(uow, [record for _, record in batch], "csv", "DE")
        for (person, _), contact_id in zip(batch, created, strict=True):
            made.people.setdefault(person, []).append(contact_id)


def kept(contacts: Iterator[tuple[int, ContactRecord]], made: Made) -> Iterator[tuple[int, ContactRecord]]:
    """Yield the contacts without the first so many who were there before: those become drafts."""
    seen: set[int] = set()
    twice = 0
    for person, record in contacts:
        # Every second one, so that there are pairs in the database too.
        twice += person in seen
        if person in seen and twice % 2 == 0 and len(made.drafts) < DRAFTS:
            made.drafts.append((person, record))
            continue
        seen.add(person)
        yield person, record


async def scanned(open_work: WorkOpener) -> dict[str, Any]:
    """Run the scan to its end, a batch and a transaction at a time as its job does, and watch the memory."""
    process = psutil.Process()
    after, done, began, used = UUID(int=0), 0, time.perf_counter(), []
    while True:
        async with open_work(SYSTEM) as uow:
            batch = await next_ids(uow, after, duplicates.BATCH)
            await duplicates.refresh(uow, batch)
        if not batch:
            break
        after, done = batch[-1], done + len(batch)
        used.append(process.memory_info().rss)
    seconds = time.perf_counter() - began
    tenth = max(used[: max(len(used) // 10, 1)])
    return {
        "seconds": round(seconds, 1),
        "contacts a second": round(done / seconds),
        "peak memory, MiB": round(max(used) / MEBI),
        "growth, MiB": round((max(used) - tenth) / MEBI),
    }


async def checked(open_work: WorkOpener, made: Made) -> dict[str, Any]:
    """Check the drafts, and say how long it took and how many found the person who is there."""
    times, right = [], 0
    for person, record in made.drafts:
        draft = draft_of(record)
        async with open_work(SYSTEM) as uow:
            began = time.perf_counter()
            answer = await duplicates.check(uow, draft)
            times.append((time.perf_counter() - began) * 1000)
        right += any(one.contact.id in made.people[person] for one in answer.items)
    return {
        "check, ms": {
            "p50": round(statistics.median(times), 2),
            "p95": round(statistics.quantiles(times, n=20)[-1], 2),
            "most": round(max(times), 2),
        },
        "drafts": {"checked": len(times), "found who is there": round(right / len(times), 4)},
    }


async def pairs(open_work: WorkOpener) -> dict[Pair, bool]:
    """Return the pairs that the scan found, and which are certain."""
    found: dict[Pair, bool] = {}
    cursor: str | None = None
    async with open_work(SYSTEM) as uow:
        while True:
            page = await duplicates.list_pairs(uow, cursor, 200)
            for one in page.items:
                low, high = sorted(contact.id for contact in one.contacts)
                found[low, high] = one.verdict == "certain"
            cursor = page.next_cursor
            if cursor is None:
                return found


def quality(found: AbstractSet[Pair], truth: AbstractSet[Pair]) -> dict[str, Any]:
    """Return how many of the found pairs are true, and how many of the true ones were found."""
    right = len(found & truth)
    return {
        "pairs": len(found),
        "precision": round(right / max(len(found), 1), 4),
        "recall": round(right / len(truth), 4),
    }


def draft_of(record: ContactRecord) -> ContactIn:
    """Return a made contact as somebody enters it."""
    return ContactIn.model_validate(
        {
            "id": ids.new_id(),
            "kind": record.kind,
            "name": record.name,
            "given": record.given or None,
            "family": record.family or None,
            "company_name": record.company or None,
            "title": record.title or None,
            "phones": [{"written": one.written, "kind": one.kind} for one in record.phones],
            "emails": [asdict(one) for one in record.emails],
            "websites": [asdict(one) for one in record.websites],
            "addresses": [asdict(one) for one in record.addresses],
        }
    )


async def timed(work: Coroutine[Any, Any, None]) -> float:
    """Await something and return the seconds it took."""
    began = time.perf_counter()
    await work
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
