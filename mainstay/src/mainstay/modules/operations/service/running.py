"""What people do with the running processes of this machine; the processes answer in `mainstay.bootstrap.steering`."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mainstay.messages.audit import Entry
from mainstay.modules.operations.errors import ProcessUnknown, ProfileUnderWay
from mainstay.modules.operations.schemas import (
    ProcessesOut,
    ProcessOut,
    ProfileIn,
    ProfileOut,
    ProgramStatusOut,
    RouteOut,
    SlowSampleOut,
    StatusCheckOut,
)
from mainstay.modules.operations.service import errors, promises
from mainstay.modules.operations.service.promises import Standing
from mainstay.observe.health import Finding
from mainstay.observe.peers import Peers, Reply
from mainstay.observe.runtime import CPU, FILES, MEMORY, THREADS
from mainstay.observe.standing import Route, routes_of
from mainstay.work import UnitOfWork

FIGURES: Final = "figures"
TOGETHER: Final = "figures together"
SLOWEST: Final = "slowest"
PROFILE: Final = "profile"
# Seconds that a process may take to answer after its profile is done.
PATIENCE: Final = 15.0
# Routes and samples that are told.
MOST_ROUTES: Final = 50
MOST_SAMPLES: Final = 20
# How slow a route is that nobody was answered at.
NONE: Final = (-1.0, None)


async def processes(peers: Peers) -> ProcessesOut:
    """Return the processes of this machine, and what each takes."""
    found = []
    for reply in await peers.ask(FIGURES):
        used = reply.content["runtime"]
        assert isinstance(used, dict)  # noqa: S101  as the processes answer
        fields = {
            "cpu_seconds": used[CPU],
            "memory_bytes": used.get(MEMORY),
            "open_files": used.get(FILES),
            "threads": used[THREADS],
        }
        found.append(ProcessOut.model_validate({"name": reply.name, **fields}))
    return ProcessesOut(items=found)


@dataclass(frozen=True, slots=True)
class Known:
    """What the database knows of how the program stands."""

    open_errors: int
    promises: Standing


async def known(uow: UnitOfWork) -> Known:
    """Return it."""
    return Known(await errors.count_open(uow), await promises.kept(uow))


async def status(peers: Peers, checks: Iterable[Finding], known: Known) -> ProgramStatusOut:
    """Return how the program stands, by what is known and the numbers of all API processes of this machine."""
    counted = await peers.ask_one(peers.name, TOGETHER)
    assert counted is not None  # noqa: S101  an API process answers itself
    routes = await asyncio.to_thread(routes_of, str(counted.content["text"]))
    samples = await peers.ask(SLOWEST)
    standing = await promises.with_peers(known.promises, peers)
    return ProgramStatusOut.model_validate(
        {
            "since": counted.content["since"],
            "checks": [_checked(each) for each in checks],
            "objectives_since": standing.since,
            "objectives": standing.objectives(),
            "routes": _listed(routes),
            "slow_requests": _slowest(samples, "requests"),
            "slow_statements": _slowest(samples, "statements"),
            "processes": (await processes(peers)).items,
            "open_errors": known.open_errors,
        }
    )


def _checked(found: Finding) -> StatusCheckOut:
    took = round(found.duration * 1000, 1)
    is_ok = found.reason is None
    return StatusCheckOut(name=found.name, is_ok=is_ok, is_needed=found.is_needed, ms=took, reason=found.reason)


def _listed(routes: list[Route]) -> list[RouteOut]:
    """Return the routes that somebody should look at first."""
    slowest = ((each, each.quantile(0.95)) for each in routes)
    ranked = sorted(slowest, key=lambda each: (-each[0].failed, -(each[1] or NONE)[0], each[0].route))
    return [
        RouteOut(
            method=each.method,
            route=each.route,
            requests=each.requests,
            failed=each.failed,
            p95_over_ms=None if p95 is None else round(p95[0] * 1000),
            p95_ms=None if p95 is None or p95[1] is None else round(p95[1] * 1000),
        )
        for each, p95 in ranked[:MOST_ROUTES]
    ]


def _slowest(replies: Iterable[Reply], kind: str) -> list[SlowSampleOut]:
    """Return the slowest of all processes, of each place and statement one."""
    found: dict[tuple[str, str | None], SlowSampleOut] = {}
    for reply in replies:
        samples = reply.content[kind]
        assert isinstance(samples, list)  # noqa: S101  as the processes answer
        for fields in samples:
            assert isinstance(fields, dict)  # noqa: S101  as above
            seconds = fields["seconds"]
            assert isinstance(seconds, int | float)  # noqa: S101  as above
            made = SlowSampleOut.model_validate({**fields, "ms": round(seconds * 1000, 1), "process": reply.name})
            key = made.place, made.statement
            if key not in found or found[key].ms < made.ms:
                found[key] = made
    return sorted(found.values(), key=lambda each: -each.ms)[:MOST_SAMPLES]


def record_profile(uow: UnitOfWork, wanted: ProfileIn) -> None:
    """Put on record that somebody takes a profile."""
    new = {"seconds": str(wanted.seconds)}
    uow.record(Entry("operations.profile_taken", "operations.process", wanted.process, new=new))


async def take_profile(peers: Peers, wanted: ProfileIn) -> ProfileOut:
    """Look at what a process does; takes as long as wanted. Raises ProcessUnknown and ProfileUnderWay."""
    patience = wanted.seconds + PATIENCE
    reply = await peers.ask_one(wanted.process, PROFILE, {"seconds": wanted.seconds}, patience=patience)
    if reply is None:
        raise ProcessUnknown(f"No process called {wanted.process} answers on this machine.")
    if reply.content.get("is_busy"):
        raise ProfileUnderWay("One at a time: try again when it is done.")
    return ProfileOut.model_validate({**reply.content, "process": wanted.process})
