"""The program's operations and their description, made once for all tests of a process that go through every one.

Making them takes a second or two, which test modules would each spend when they are collected, in every process.
"""

from functools import cache
from typing import Any

from mainstay.bootstrap.api import api_description
from mainstay.bootstrap.operations import program_operations
from mainstay.web.operation import Operation
from tradepost.main import make_program


@cache
def operations() -> tuple[Operation, ...]:
    """Return the operations; not to be changed."""
    return tuple(program_operations(make_program()))


@cache
def description() -> dict[str, Any]:
    """Return the API description (OpenAPI); copy what is to be changed."""
    return api_description(make_program())
