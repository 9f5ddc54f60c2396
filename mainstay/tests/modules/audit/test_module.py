"""The manifest brings everything that the audit trail is made of."""

from mainstay.bootstrap.checks import check_program
from mainstay.bootstrap.program import Program
from mainstay.db.models import Base
from mainstay.modules import audit
from mainstay.modules.audit.module import AUDIT


def test_every_model_is_in_the_manifest() -> None:
    package = audit.__name__
    tables = {each.class_ for each in Base.registry.mappers if each.class_.__module__.startswith(f"{package}.")}

    assert tables == set(AUDIT.models)


def test_a_program_passes_the_boot_checks_with_it(program: Program) -> None:
    check_program(program)

    assert {"audit.seal", "audit.expire"} <= {schedule.name for schedule in program.schedules}


def test_only_the_owner_reads_the_trail_from_the_start(program: Program) -> None:
    assert {role for role, rights in program.roles.rights.items() if "audit.read" in rights} == {"owner"}
