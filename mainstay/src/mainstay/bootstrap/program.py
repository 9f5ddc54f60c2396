"""Program: the name, the version, the modules and the migrations that everything else is made from."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mainstay.messages.job import Job, Schedule, Subscriptions
from mainstay.module import Module
from mainstay.permission import Permission

ROLES = ("owner", "cashier")


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
    def jobs(self) -> tuple[Job, ...]:
        """All jobs of all modules."""
        return tuple(job for module in self.modules for job in module.jobs)

    @cached_property
    def schedules(self) -> tuple[Schedule, ...]:
        """All schedules of all modules."""
        return tuple(schedule for module in self.modules for schedule in module.schedules)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """Which jobs answer which event."""
        return Subscriptions.of(self.jobs)

    @cached_property
    def permissions(self) -> tuple[Permission, ...]:
        """All rights that modules declare."""
        return tuple(permission for module in self.modules for permission in module.permissions)
