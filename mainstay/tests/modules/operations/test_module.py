"""The manifest brings everything that operating is made of."""

from mainstay.bootstrap.checks import check_program
from mainstay.bootstrap.program import Program


def test_a_program_passes_the_boot_checks_with_it(program: Program) -> None:
    check_program(program)

    assert {"/operations/log-levels", "/operations/profiles", "/operations/errors"} <= {
        getattr(route, "path", "") for module in program.modules for router in module.routers for route in router.routes
    }


def test_only_the_owner_has_it_from_the_start_and_no_key_steers(program: Program) -> None:
    holders = {
        role: {right for right in rights if right.startswith("operations.")}
        for role, rights in program.roles.rights.items()
    }

    assert holders.pop("owner") == {"operations.read", "operations.manage", "operations.errors"}
    assert not any(holders.values())
    keyed = {right.name for right in program.permissions if right.is_for_keys}
    assert {name for name in keyed if name.startswith("operations.")} == {"operations.read", "operations.errors"}
