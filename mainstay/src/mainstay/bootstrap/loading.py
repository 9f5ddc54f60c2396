"""Finds a program by the name of its package."""

import importlib
from typing import cast

from starlette.types import ASGIApp

from mainstay.bootstrap.program import Program


def load_program(package: str) -> Program:
    """Return what `make_program` in the `main` module of `package` makes."""
    return cast("Program", importlib.import_module(f"{package}.main").make_program())


def load_api(package: str) -> ASGIApp:
    """Return what `api` in the `main` module of `package` makes; raises ConfigurationError."""
    return cast("ASGIApp", importlib.import_module(f"{package}.main").api())
