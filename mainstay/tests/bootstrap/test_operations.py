"""The operations of a program: health at the root, everything else under its version."""

import pytest
from fastapi import APIRouter, FastAPI
from probe.main import make_program
from starlette.routing import Mount

from mainstay.bootstrap.operations import PREFIX, program_operations
from mainstay.bootstrap.program import Program
from mainstay.errors import ConfigurationError
from mainstay.module import Module


def test_health_and_the_well_known_addresses_come_first_and_modules_follow_in_their_order() -> None:
    found = program_operations(make_program())

    assert [operation.path for operation in found[:5]] == [
        "/health/live",
        "/health/startup",
        "/health/ready",
        "/.well-known/change-password",
        "/.well-known/security.txt",
    ]
    assert all(operation.path.startswith(f"{PREFIX}/") for operation in found[5:])
    assert list(dict.fromkeys(operation.module for operation in found)) == ["health", "well_known", "probe", "trouble"]


def test_a_module_that_declares_something_else_stops_the_start() -> None:
    router = APIRouter()
    router.routes.append(Mount("/files", app=FastAPI()))
    program = Program("probe", "Probe", "", "1", (Module("files", routers=(router,)),), ("mainstay.migrations",))

    with pytest.raises(ConfigurationError, match="The module files may declare FastAPI routes only, not /files"):
        program_operations(program)
