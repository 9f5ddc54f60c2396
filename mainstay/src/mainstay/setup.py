"""What the program was set up with, as each piece of work finds it: settings, rights, names and places."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import SecretStr

from mainstay import context
from mainstay.cache.cache import Cache
from mainstay.db.invariants import Check
from mainstay.flags.experiment import Trial
from mainstay.flags.rules import Steering
from mainstay.flags.state import Flags
from mainstay.keyring import Keyring
from mainstay.messages.event import Event
from mainstay.messages.job import Background
from mainstay.messages.notification import NotificationKind
from mainstay.observe.counters import Counters
from mainstay.observe.levels import Change
from mainstay.observe.peers import Peers
from mainstay.observe.statements import Statements
from mainstay.observe.traces import CONSUMER, Parent, Span, Tracer
from mainstay.permission import Permission, Roles
from mainstay.resources import Resources
from mainstay.settings import Configuration

if TYPE_CHECKING:
    from mainstay.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Names:
    """What the program is called (`fixed`), and what modules say that those whom it serves are called."""

    fixed: tuple[str, ...] = ()
    sources: tuple[Callable[["UnitOfWork"], Awaitable[tuple[str, ...]]], ...] = ()

    async def __call__(self, uow: "UnitOfWork") -> tuple[str, ...]:
        """Return all names as they are now."""
        return (*self.fixed, *[name for source in self.sources for name in await source(uow)])


@dataclass(frozen=True, slots=True)
class Place:
    """What people can be limited to, such as a store."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Places:
    """What modules say that people can be limited to."""

    sources: tuple[Callable[["UnitOfWork"], Awaitable[tuple[Place, ...]]], ...] = ()

    async def __call__(self, uow: "UnitOfWork") -> tuple[Place, ...]:
        """Return the places that the actor reaches."""
        found = [place for source in self.sources for place in await source(uow)]
        return tuple(place for place in found if uow.actor.reach.has(place.id))


@dataclass(frozen=True, slots=True)
class Stand:
    """What a shared device can stand at, such as a register; who signs in there must hold the right named `right`.

    `within` is the place that it belongs to: whoever is limited to other places does nothing there.
    """

    id: UUID
    name: str
    right: str
    within: UUID | None = None


@dataclass(frozen=True, slots=True)
class Stands:
    """The modules' answers to where shared devices can stand."""

    sources: tuple[Callable[["UnitOfWork"], Awaitable[tuple[Stand, ...]]], ...] = ()

    async def __call__(self, uow: "UnitOfWork") -> dict[UUID, Stand]:
        """Return all stands as they are now, by id."""
        return {stand.id: stand for source in self.sources for stand in await source(uow)}


@dataclass(frozen=True, slots=True)
class Steered:
    """How flags are steered, as the database has it (`read`), and the channel on which changes are told."""

    channel: str
    read: Callable[["UnitOfWork"], Awaitable[tuple[Mapping[str, Steering], Mapping[str, Trial]]]]


@dataclass(frozen=True, slots=True)
class LevelsKept:
    """What loggers are to write, as the database has it (`read`), and the channel on which changes are told."""

    channel: str
    read: Callable[["UnitOfWork"], Awaitable[Mapping[str, Change]]]


@dataclass(frozen=True, slots=True)
class FileOwner:
    """A kind of records that files can belong to, such as `catalog.product`.

    Whoever holds `read` sees the files of a record, whoever holds `write` adds and removes them, if `has` says that
    the actor reaches the record. A record has at most `most` files, each of one of `media_types`. `page` is the page of
    the app that shows a record, with `{id}` in it.
    """

    kind: str
    read: Permission
    write: Permission
    has: Callable[["UnitOfWork", UUID], Awaitable[bool]]
    media_types: frozenset[str]
    most: int = 20
    page: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Which program this is: its name, its version, its migrations' packages, and what holds of its rows."""

    name: str = "program"
    version: str = "0"
    migrations: tuple[str, ...] = ()
    invariants: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Setup:
    """What the program was set up with: settings, rights of roles, what this process keeps open, names and places.

    `keyring` is None where no secret was given: in commands, and where a program has none. `background` is what the
    program does in the background. `owner_url` is the address of the database for the owner of its tables, for what the
    running program may not do itself. `cache` is what an API keeps; commands and workers read everything anew.
    `events` are those that modules declare, by name, and so are `notifications`, the kinds of them, and `file_owners`,
    the kinds of records with files. `peers` are the processes of this machine, this one among them. `statements`,
    `tracer` and `counters` see what is done outside of requests. `flags` are what can be switched, as it is now.
    """

    settings: Configuration = field(default_factory=Configuration)
    roles: Roles = field(default_factory=Roles)
    resources: Resources = field(default_factory=Resources)
    names: Names = field(default_factory=Names)
    places: Places = field(default_factory=Places)
    stands: Stands = field(default_factory=Stands)
    keyring: Keyring | None = None
    background: Background = field(default_factory=Background)
    about: About = field(default_factory=About)
    owner_url: SecretStr | None = None
    cache: Cache | None = None
    events: Mapping[str, type[Event]] = field(default_factory=dict)
    file_owners: Mapping[str, FileOwner] = field(default_factory=dict)
    notifications: Mapping[str, NotificationKind] = field(default_factory=dict)
    flags: Flags = field(default_factory=Flags)
    peers: Peers = field(default_factory=lambda: Peers("program-1"))
    statements: Statements = field(default_factory=Statements.of_nobody)
    counters: Counters = field(default_factory=Counters)
    tracer: Tracer | None = None

    @contextmanager
    def seen(self, name: str, trace: str | None = None) -> Iterator[Span | None]:
        """Count the statements of the block under `name`, and trace it; `trace` is the `traceparent` of its cause."""
        with ExitStack() as stack:
            step = None
            if self.tracer is not None:
                step = stack.enter_context(self.tracer.running(name, CONSUMER, Parent.of(trace)))
                step.attributes["mainstay.request_id"] = context.request_id.get()
            stack.enter_context(self.statements.counted(name))
            yield step
