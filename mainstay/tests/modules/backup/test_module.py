"""The manifest brings everything that backups are made of."""

from mainstay.bootstrap.checks import check_program
from mainstay.bootstrap.program import Program
from mainstay.db.models import Base
from mainstay.modules import backup
from mainstay.modules.backup.module import BACKUP


def test_every_model_is_in_the_manifest() -> None:
    package = backup.__name__
    tables = {each.class_ for each in Base.registry.mappers if each.class_.__module__.startswith(f"{package}.")}

    assert tables == set(BACKUP.models)


def test_a_program_passes_the_boot_checks_with_it_and_looks_at_the_clock_every_hour(program: Program) -> None:
    check_program(program)

    assert {schedule.name: schedule.cron for schedule in program.schedules}["backup.tick"] == "11 * * * *"


def test_only_the_owner_sees_and_makes_backups_from_the_start(program: Program) -> None:
    assert {role for role, rights in program.roles.rights.items() if "backup.manage" in rights} == {"owner"}
