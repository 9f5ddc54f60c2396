"""The operations of a program: health and the well-known addresses first, then every module's under one prefix."""

from mainstay.bootstrap.program import Program
from mainstay.web import health, well_known
from mainstay.web.operation import Operation, operations

PREFIX = "/api/v1"


def program_operations(program: Program) -> list[Operation]:
    """Return the operations; raises ConfigurationError when a module declares something else than routes.

    Making one costs milliseconds, because its parameters and replies are compiled: make them once.
    """
    found = [*operations((health.router,), "", "health"), *operations((well_known.router,), "", "well_known")]
    for module in program.modules:
        found += operations(module.root_routers, "", module.name)
        found += operations(module.routers, PREFIX, module.name)
    return found
