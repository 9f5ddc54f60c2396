"""The manifest brings everything that the queue is made of."""

from mainstay.bootstrap.checks import check_program
from mainstay.bootstrap.program import Program


def test_a_program_passes_the_boot_checks_with_it(program: Program) -> None:
    check_program(program)

    assert {"/jobs", "/jobs/{job_id}", "/schedules"} <= {
        getattr(route, "path", "") for module in program.modules for router in module.routers for route in router.routes
    }


def test_only_the_owner_sees_and_steers_it_from_the_start(program: Program) -> None:
    holders = {
        role: {right for right in rights if right.startswith("queue.")} for role, rights in program.roles.rights.items()
    }

    assert holders.pop("owner") == {"queue.read", "queue.manage"}
    assert not any(holders.values())
