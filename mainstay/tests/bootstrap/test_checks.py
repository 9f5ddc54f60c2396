"""The boot checks: each mistake in a program's parts stops the start with one sentence."""

import gc
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Annotated, ClassVar, cast
from uuid import UUID

import pytest
from fastapi import APIRouter
from probe.main import make_program
from probe.notes import READ, Note, NoteWritten, authenticate
from pydantic import SecretStr
from sqlalchemy import Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from mainstay.bootstrap.checks import authenticator_of, check_program, check_settings
from mainstay.bootstrap.program import Program
from mainstay.db.models import Base
from mainstay.db.settings import DatabaseSettings
from mainstay.errors import ConfigurationError, Conflict
from mainstay.messages.event import Event
from mainstay.messages.job import Job, Schedule
from mainstay.module import Module
from mainstay.permission import Permission, Public
from mainstay.settings import Configuration, CoreSettings, Environment
from mainstay.setup import FileOwner
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

PROGRAM = make_program()
UNKNOWN = Permission("shop.unknown", "Something nobody declares")


class Other(DeclarativeBase):
    """A base of its own, so that these models are in nobody's way."""


class Item(Other):
    """A model whose table is called as it should be."""

    __tablename__ = "shop_item"

    name: Mapped[str] = mapped_column(Text, primary_key=True)


class Stray(Other):
    """A model whose table is called after nothing."""

    __tablename__ = "item"

    name: Mapped[str] = mapped_column(Text, primary_key=True)


class Sold(Event):
    """Something was sold."""

    name: ClassVar[str] = "shop.sold"


async def read(uow: Annotated[UnitOfWork, work(Public("anybody"))]) -> None:
    """Read."""


async def read_unguarded() -> None:
    """Read without a right."""


async def read_unknown(uow: Annotated[UnitOfWork, work(UNKNOWN)]) -> None:
    """Read with a right that nobody declares."""


async def run(_uow: UnitOfWork, _event: Sold) -> None:
    """Do nothing."""


async def tick(_uow: UnitOfWork) -> None:
    """Do nothing."""


def routed(*endpoints: Callable[..., object], **options: str) -> tuple[APIRouter, ...]:
    """Return a router with a route for each function."""
    router = APIRouter(prefix="/shop")
    for number, endpoint in enumerate(endpoints):
        router.add_api_route(f"/{number}", endpoint, operation_id=options.get("operation_id"))
    return (router,)


def models(*found: type[Other]) -> tuple[type[Base], ...]:
    return cast("tuple[type[Base], ...]", found)


def owner(right: Permission) -> FileOwner:
    """Return a kind of records with files."""
    return FileOwner("shop.item", right, right, has_item, frozenset({"text/plain"}))


async def has_item(_uow: UnitOfWork, _item_id: UUID) -> bool:
    """Say that there is none."""
    return False


JOB = Job("shop.count", run, (Sold,))
RIGHT = Permission("shop.read", "Read")
WRONG: dict[str, tuple[Module, str]] = {
    "route without a permission": (
        Module("shop", routers=routed(read_unguarded)),
        "The route GET /api/v1/shop/0 of the module shop names no permission.",
    ),
    "route with an unknown permission": (
        Module("shop", routers=routed(read_unknown)),
        "The route GET /api/v1/shop/0 needs the permission shop.unknown, which no module declares.",
    ),
    "table without its prefix": (
        Module("shop", models=models(Stray)),
        "The table item of the module shop must be called shop_….",
    ),
    "two equal operation ids": (
        Module("shop", routers=routed(read, read, operation_id="shop_read")),
        "Two operations are called shop_read; names must differ.",
    ),
    "operation id of another module": (
        Module("shop", routers=routed(read, operation_id="probe_show_me")),
        "Two operations are called probe_show_me; names must differ.",
    ),
    "two modules of one name": (Module("probe"), "Two modules are called probe; names must differ."),
    "two permissions of one name": (
        Module("shop", permissions=(RIGHT, RIGHT)),
        "Two permissions are called shop.read; names must differ.",
    ),
    "two kinds of records with files of one name": (
        Module("shop", permissions=(RIGHT,), file_owners=(owner(RIGHT), owner(RIGHT))),
        "Two kinds of records with files are called shop.item; names must differ.",
    ),
    "files with an unknown permission": (
        Module("shop", file_owners=(owner(UNKNOWN),)),
        "Files of shop.item need the permission shop.unknown, which no module declares.",
    ),
    "two events of one name": (
        Module("shop", events=(Sold, Sold)),
        "Two events are called shop.sold; names must differ.",
    ),
    "two jobs of one name": (
        Module("shop", events=(Sold,), jobs=(JOB, JOB)),
        "Two jobs, schedules or loops are called shop.count; names must differ.",
    ),
    "a schedule of a job's name": (
        Module("shop", events=(Sold,), jobs=(JOB,), schedules=(Schedule("shop.count", tick, "0 4 * * *"),)),
        "Two jobs, schedules or loops are called shop.count; names must differ.",
    ),
    "a job for an unknown event": (
        Module("shop", jobs=(JOB,)),
        "The job shop.count answers shop.sold, which no module declares.",
    ),
    "two authenticators": (
        Module("shop", authenticate=authenticate),
        "Exactly one module must bring an authenticator; found: probe, shop.",
    ),
}


def extended(module: Module) -> Program:
    """Return the probe program with one more module."""
    return replace(PROGRAM, modules=(*PROGRAM.modules, module))


def test_a_program_that_is_right_passes() -> None:
    extension = extended(Module("shop", models=models(Item), events=(Sold,), jobs=(JOB,), permissions=(RIGHT,)))

    check_program(PROGRAM)
    check_program(extension)

    assert RIGHT in extension.permissions


@pytest.mark.parametrize("kind", WRONG)
def test_each_mistake_stops_the_start_with_one_sentence(kind: str) -> None:
    module, sentence = WRONG[kind]

    with pytest.raises(ConfigurationError) as failure:
        check_program(extended(module))

    assert str(failure.value) == sentence


def test_a_program_without_an_authenticator_does_not_start() -> None:
    nobody = replace(PROGRAM, modules=(replace(PROGRAM.modules[0], authenticate=None), *PROGRAM.modules[1:]))

    with pytest.raises(ConfigurationError, match="found: none"):
        check_program(nobody)


def test_the_one_authenticator_is_found() -> None:
    assert authenticator_of(PROGRAM) is authenticate


def test_a_model_that_stands_in_no_manifest_is_found() -> None:
    forgetful = replace(
        PROGRAM, modules=(replace(PROGRAM.modules[0], models=(PROGRAM.modules[0].models[1],)), *PROGRAM.modules[1:])
    )

    with pytest.raises(ConfigurationError) as failure:
        check_program(forgetful)

    assert str(failure.value) == f"The model {Note.__name__} (probe_note) is in no module's manifest."


def test_two_errors_with_one_code_stop_the_start() -> None:
    rival = type("Rival", (Conflict,), {"code": "conflict", "title": "Something else", "__doc__": "Another conflict."})
    try:
        with pytest.raises(ConfigurationError, match="code conflict"):
            check_program(PROGRAM)
    finally:
        # Classes are remembered by the one they refine until the collector comes by.
        del rival
        gc.collect()
    check_program(PROGRAM)


@pytest.mark.parametrize("secret", ["", "changeme", "short", "a" * 64])
def test_a_secret_that_is_none_stops_the_start(secret: str) -> None:
    configuration = Configuration((CoreSettings(secret_key=SecretStr(secret), environment="production"),))

    with pytest.raises(ConfigurationError, match="secret key"):
        check_settings(configuration)


@pytest.mark.parametrize(("environment", "is_refused"), [("production", True), ("development", False)])
def test_in_production_no_password_may_be_one_that_anybody_would_try(
    environment: Environment, is_refused: bool
) -> None:
    database = DatabaseSettings(url=SecretStr(f"postgresql://shop:{'postgres'}@db/shop"))
    configuration = Configuration((CoreSettings(environment=environment), database))

    with pytest.raises(ConfigurationError, match="DATABASE_URL") if is_refused else nullcontext():
        check_settings(configuration)


@pytest.mark.parametrize("secret", [None, SecretStr("7f3a9c1e5b2d8046af91c3e7d5b20864")])  # pragma: allowlist secret
def test_a_good_secret_or_none_passes(secret: SecretStr | None) -> None:
    check_settings(Configuration((CoreSettings(secret_key=secret),)))

    assert NoteWritten.name.startswith(READ.name.partition(".")[0])
