"""A program gathers what its modules bring."""

from dataclasses import replace
from typing import ClassVar
from uuid import UUID

import pytest
from sample.main import make_program
from sample.notes import MODULE, TICK, TRACE, NoteWritten

from mainstay.bootstrap.program import Program
from mainstay.db.engine import DatabaseSettings, create_engine
from mainstay.errors import ConfigurationError
from mainstay.module import Module
from mainstay.permission import Permission
from mainstay.settings import CoreSettings, Settings

SELL = Permission("bakery.sell", "Sell bread", frozenset({"cashier"}))
BAKE = Permission("bakery.bake", "Bake bread")


class OvenSettings(Settings):
    """Settings of a module."""

    section: ClassVar[str] = "oven"

    heat: int = 220


BAKERY = Module(name="bakery", permissions=(SELL, BAKE), settings=(OvenSettings,))


@pytest.fixture
def bakery() -> Program:
    """The sample program with one more module."""
    return replace(make_program(), name="bakery", modules=(MODULE, BAKERY))


def test_a_program_has_the_jobs_schedules_and_permissions_of_all_its_modules(bakery: Program) -> None:
    assert bakery.jobs == (TRACE,)
    assert bakery.schedules == (TICK,)
    assert bakery.permissions == (SELL, BAKE)
    assert bakery.subscriptions.answering(NoteWritten(note_id=UUID(int=1), text="x")) == (TRACE,)


def test_a_program_knows_its_tables_and_those_of_the_core(bakery: Program) -> None:
    jobs = {"mainstay_job_done", "mainstay_job_failure", "mainstay_job_progress", "mainstay_schedule_run"}
    core = {"mainstay_event", "mainstay_topic", "mainstay_outdated_use", "mainstay_repeat", "mainstay_former", *jobs}
    assert {"sample_note", "sample_effect", *core} == bakery.tables


def test_its_tables_are_told_from_those_of_others_by_their_prefixes(bakery: Program) -> None:
    assert bakery.scope.tables == bakery.tables
    assert bakery.scope.prefixes == ("mainstay_", "sample_", "bakery_")


def test_the_owner_holds_all_rights_and_the_cashier_those_that_name_the_role(bakery: Program) -> None:
    assert bakery.roles.rights_of("owner") == {"bakery.sell", "bakery.bake"}
    assert bakery.roles.rights_of("cashier") == {"bakery.sell"}


def test_the_configuration_has_every_section_that_a_module_declares(
    bakery: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAKERY_OVEN_HEAT", "250")

    configuration = bakery.configuration()

    assert configuration.of(OvenSettings).heat == 250
    assert configuration.of(CoreSettings).port == 8000


def test_a_setting_of_any_section_that_does_not_fit_stops_the_start(
    bakery: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAKERY_OVEN_HEAT", "hot")

    with pytest.raises(ConfigurationError, match=r"BAKERY_OVEN_HEAT"):
        bakery.configuration()


async def test_its_units_of_work_know_jobs_roles_and_settings(bakery: Program) -> None:
    engine = create_engine(DatabaseSettings(), "postgresql://nobody@127.0.0.1:1/nowhere")
    configuration = bakery.configuration()

    opener = bakery.opener(engine, configuration)

    assert opener.engine is engine
    assert opener.subscriptions is bakery.subscriptions
    assert opener.setup.settings is configuration
    assert opener.setup.roles is bakery.roles
    assert opener.idle_check == configuration.of(DatabaseSettings).idle_check
