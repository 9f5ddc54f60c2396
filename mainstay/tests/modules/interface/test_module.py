"""The manifest brings everything that the interface is made of."""

from mainstay.bootstrap.checks import check_program
from mainstay.bootstrap.program import Program


def test_a_program_passes_the_boot_checks_with_it_and_the_owner_alone_sees_callers(program: Program) -> None:
    check_program(program)

    assert [role for role, rights in program.roles.rights.items() if "interface.read" in rights] == ["owner"]
