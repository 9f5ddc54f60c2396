"""The manifest: a module declares everything it brings, and the boot checks read it."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import typer
from fastapi import APIRouter

from mainstay.cache.kind import Kind
from mainstay.db.invariants import Check
from mainstay.db.models import Base
from mainstay.flags.experiment import Experiment
from mainstay.flags.flag import Flag
from mainstay.keyring import Keyring
from mainstay.messages.event import Event
from mainstay.messages.job import Job, Loop, Schedule
from mainstay.messages.notification import NotificationKind
from mainstay.observe.counters import Counters
from mainstay.observe.gathering import Batch
from mainstay.observe.health import HealthSettings
from mainstay.observe.promises import Step
from mainstay.permission import Permission, Records
from mainstay.resources import Resource
from mainstay.sealed import SealedColumn
from mainstay.settings import Configuration, Settings
from mainstay.setup import FileOwner, LevelsKept, Place, Stand, Steered
from mainstay.work import Actor, UnitOfWork

Authenticator = Callable[[UnitOfWork, str], Awaitable[Actor]]


@dataclass(frozen=True, slots=True)
class Module:
    """What a package brings to the program; typed imports, no strings, no logic.

    `authenticate` turns a session token into an actor; exactly one module of a program brings it, and may bring
    `authenticate_bearer`, which does so for what `Authorization: Bearer` carries. `root_routers` are served without
    the prefix of the API, as addresses under `/.well-known/` must be. `rotate` exchanges the module's keys, which are
    sealed under the program's secret, and returns a sentence for the operator; `sealed` says where all is kept that is
    sealed under it, so that it is sealed anew when the secret is exchanged.
    `sample` fills an empty program with sample data (`--sample`), `at_start` runs once per start after migrations;
    both receive a UnitOfWork of the system actor and must be safe to repeat. `resources` are what a process keeps open
    once a job or service asked for it (`uow.resource`), until the process stops. `cli` holds commands under the
    module's name, `commands` those that stand beside the program's own. `names` tells what the business is called
    that the program serves, which no password may hold. `records` are kinds of records that a role may reach in part,
    `observe` says on each reading of the numbers how things stand that the database knows; `check` raises Unhealthy
    when something is in trouble that readiness should tell, under the module's name, and that requests can do without.
    `places` tells what people can be limited to, `stands` where shared devices can stand, on which people sign in by a
    PIN. `caches` are kinds of answers that may be kept (`uow.cached`), `warm` reads those that an API is to have before
    it is first asked. `flags` are what can be switched while the program runs, `experiments` what is tried on a part of
    its users; `steered`, of one module at most, tells how they are steered.
    `notifications` are kinds of what the module tells people, `file_owners` kinds of records
    that files can belong to. `keep_errors`, of one module at most, keeps a batch of the program's errors, and counts it
    once however often it is given; `keep_steps`, of one module at most, keeps what a process, named by an id, counted
    against what the program promises, the newest of each step; `levels`, of one module at most, tells what loggers are
    to write for a while. `folder` says in which folder of this machine the module keeps data beside the database, if it
    does: `reset` empties it.
    """

    name: str
    routers: tuple[APIRouter, ...] = ()
    root_routers: tuple[APIRouter, ...] = ()
    models: tuple[type[Base], ...] = ()
    events: tuple[type[Event], ...] = ()
    jobs: tuple[Job, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    loops: tuple[Loop, ...] = ()
    permissions: tuple[Permission, ...] = ()
    settings: tuple[type[Settings], ...] = ()
    resources: tuple[Resource[Any], ...] = ()
    sealed: tuple[SealedColumn, ...] = ()
    cli: typer.Typer | None = None
    commands: typer.Typer | None = None
    authenticate: Authenticator | None = None
    authenticate_bearer: Authenticator | None = None
    rotate: Callable[[UnitOfWork, Keyring], Awaitable[str]] | None = None
    at_start: Callable[[UnitOfWork], Awaitable[str | None]] | None = None
    sample: Callable[[UnitOfWork], Awaitable[None]] | None = None
    names: Callable[[UnitOfWork], Awaitable[tuple[str, ...]]] | None = None
    observe: Callable[[UnitOfWork, Counters], Awaitable[None]] | None = None
    check: Callable[[UnitOfWork, HealthSettings], Awaitable[None]] | None = None
    records: tuple[Records, ...] = ()
    places: Callable[[UnitOfWork], Awaitable[tuple[Place, ...]]] | None = None
    stands: Callable[[UnitOfWork], Awaitable[tuple[Stand, ...]]] | None = None
    caches: tuple[Kind[Any], ...] = ()
    warm: Callable[[UnitOfWork], Awaitable[object]] | None = None
    invariants: tuple[Check, ...] = ()
    flags: tuple[Flag, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    steered: Steered | None = None
    notifications: tuple[NotificationKind, ...] = ()
    file_owners: tuple[FileOwner, ...] = ()
    keep_errors: Callable[[UnitOfWork, Batch], Awaitable[None]] | None = None
    keep_steps: Callable[[UnitOfWork, UUID, Sequence[Step]], Awaitable[None]] | None = None
    levels: LevelsKept | None = None
    folder: Callable[[Configuration], Path | None] | None = None


Modules = Iterable[Module]
