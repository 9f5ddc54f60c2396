"""Program: the name, the version, the modules and the migrations that everything else is made from."""

from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from mainstay.cache.cache import Cache
from mainstay.cache.kind import Kind
from mainstay.cache.settings import CacheSettings
from mainstay.db.engine import DatabaseSettings
from mainstay.db.former import Former
from mainstay.db.invariants import Check
from mainstay.db.migrate import Scope
from mainstay.db.models import Base
from mainstay.flags.experiment import Experiment
from mainstay.flags.flag import Flag
from mainstay.flags.state import Flags
from mainstay.keyring import Keyring
from mainstay.messages.event import Event
from mainstay.messages.job import Background, Job, Loop, Schedule, Subscriptions
from mainstay.messages.notification import NotificationKind
from mainstay.messages.repeat import Repeat
from mainstay.module import Module
from mainstay.net.client import Client, open_client
from mainstay.net.settings import NetSettings, RedisSettings
from mainstay.observe.counters import Counters
from mainstay.observe.health import HealthSettings
from mainstay.observe.peers import ProcessSettings
from mainstay.observe.trace_settings import TraceSettings
from mainstay.observe.tracker import ErrorSettings
from mainstay.permission import BUILT_IN, Permission, Roles
from mainstay.resources import Resource, Resources
from mainstay.settings import Configuration, CoreSettings, Settings
from mainstay.setup import About, FileOwner, Names, Places, Setup, Stands
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.metrics import MetricsSettings
from mainstay.web.overload.settings import OverloadSettings
from mainstay.web.transport import TransportSettings
from mainstay.work import WorkOpener
from mainstay.worker.upkeep import UPKEEP

# Tables of Mainstay's own, which belong to no module.
CORE_PREFIX = "mainstay_"
# Tables of the core which nothing imports that every program does.
CORE_MODELS: tuple[type[Base], ...] = (Former, Repeat)
# The settings that every program has, besides those of its modules.
CORE: tuple[type[Settings], ...] = (
    *(CoreSettings, DatabaseSettings, RedisSettings, NetSettings, CacheSettings),
    *(TransportSettings, LimitSettings, MetricsSettings, HealthSettings, ProcessSettings, OverloadSettings),
    *(TraceSettings, ErrorSettings),
)


@dataclass(frozen=True)
class Program:
    """What a product is made of.

    `migrations` are packages, Mainstay's first; `static` is the folder of the built web app, if there is one;
    `title` and `description` head the API documentation.
    """

    name: str
    title: str
    description: str
    version: str
    modules: tuple[Module, ...]
    migrations: tuple[str, ...]
    static: Path | None = None

    @cached_property
    def about(self) -> About:
        """Which program this is."""
        return About(self.name, self.version, self.migrations, self.invariants)

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """All jobs of all modules."""
        return tuple(job for module in self.modules for job in module.jobs)

    @cached_property
    def schedules(self) -> tuple[Schedule, ...]:
        """All schedules of all modules."""
        return tuple(schedule for module in self.modules for schedule in module.schedules)

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """All loops of all modules."""
        return tuple(loop for module in self.modules for loop in module.loops)

    @cached_property
    def events(self) -> dict[str, type[Event]]:
        """All events of all modules, by name."""
        return {event.name: event for module in self.modules for event in module.events}

    @cached_property
    def notifications(self) -> dict[str, NotificationKind]:
        """All kinds of notifications of all modules, by name."""
        return {kind.name: kind for module in self.modules for kind in module.notifications}

    @cached_property
    def file_owners(self) -> dict[str, FileOwner]:
        """The kinds of records that files can belong to, by kind."""
        return {owner.kind: owner for module in self.modules for owner in module.file_owners}

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """Which jobs answer which event."""
        return Subscriptions.of(self.jobs)

    @cached_property
    def permissions(self) -> tuple[Permission, ...]:
        """All rights that modules declare."""
        return tuple(permission for module in self.modules for permission in module.permissions)

    @cached_property
    def resources(self) -> tuple[Resource[Any], ...]:
        """What processes keep open for all modules."""
        return tuple(resource for module in self.modules for resource in module.resources)

    @cached_property
    def caches(self) -> tuple[Kind[Any], ...]:
        """All kinds of answers that modules keep."""
        return tuple(kind for module in self.modules for kind in module.caches)

    @cached_property
    def invariants(self) -> tuple[Check, ...]:
        """What holds of the rows of all modules, and what a migration leaves as it is."""
        return tuple(check for module in self.modules for check in module.invariants)

    @cached_property
    def flags(self) -> tuple[Flag, ...]:
        """All that can be switched while the program runs."""
        return tuple(flag for module in self.modules for flag in module.flags)

    @cached_property
    def experiments(self) -> tuple[Experiment, ...]:
        """All experiments that modules declare."""
        return tuple(experiment for module in self.modules for experiment in module.experiments)

    @cached_property
    def tables(self) -> frozenset[str]:
        """The names of all tables of Mainstay's core and of the modules."""
        core = (name for name in Base.metadata.tables if name.startswith(CORE_PREFIX))
        models = (*CORE_MODELS, *(model for module in self.modules for model in module.models))
        return frozenset((*core, *(model.__tablename__ for model in models)))

    @cached_property
    def scope(self) -> Scope:
        """Which tables of a database are this program's."""
        return Scope(self.tables, (CORE_PREFIX, *(f"{module.name}_" for module in self.modules)))

    @cached_property
    def roles(self) -> Roles:
        """Which rights are declared, and which role holds which from the start."""
        records = (each for module in self.modules for each in module.records)
        return Roles.of(BUILT_IN, self.permissions, records)

    @cached_property
    def names(self) -> Names:
        """What the program and the business that it serves are called."""
        sources = tuple(module.names for module in self.modules if module.names is not None)
        return Names((self.name, self.title), sources)

    @cached_property
    def places(self) -> Places:
        """What people can be limited to."""
        return Places(tuple(module.places for module in self.modules if module.places is not None))

    @cached_property
    def stands(self) -> Stands:
        """At what shared devices can stand."""
        return Stands(tuple(module.stands for module in self.modules if module.stands is not None))

    def configuration(self) -> Configuration:
        """Read all settings; raises ConfigurationError when a value does not fit."""
        declared = (kind for module in self.modules for kind in module.settings)
        return Configuration.load(self.name, (*CORE, *declared))

    def open_resources(self, configuration: Configuration, counters: Counters) -> Resources:
        """Return what a process keeps open: the way to other services, and what modules bring; the caller closes it."""
        client = Resource(Client, partial(open_client, counters=counters))
        return Resources((client, *self.resources), configuration)

    def opener(
        self,
        engine: AsyncEngine,
        configuration: Configuration,
        resources: Resources | None = None,
        counters: Counters | None = None,
        cache: Cache | None = None,
    ) -> WorkOpener:
        """Return what opens this program's units of work on `engine`.

        Its resources are the caller's to close; those that are given are shared with others. What they count goes
        into `counters`.
        """
        shared = resources or self.open_resources(configuration, counters or Counters())
        core = configuration.of(CoreSettings)
        keyring = None if core.secret_key is None else Keyring.of(core, core.secret_key)
        stated = configuration.of(DatabaseSettings).owner_url
        # Without another account, whoever logs in is the owner: the program takes its role on with the connection.
        owner = stated or SecretStr(engine.url.render_as_string(hide_password=False))
        return WorkOpener(
            engine,
            self.subscriptions,
            idle_check=configuration.of(DatabaseSettings).idle_check,
            setup=Setup(
                *(configuration, self.roles, shared, self.names, self.places, self.stands, keyring),
                background=Background(self.jobs, (*UPKEEP, *self.schedules)),
                about=self.about,
                owner_url=owner,
                cache=cache,
                events=self.events,
                flags=Flags(self.flags, self.experiments),
                notifications=self.notifications,
                file_owners=self.file_owners,
            ),
        )
