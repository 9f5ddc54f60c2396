"""The sample program: its one module, and the API that is made of it."""

from fastapi import FastAPI

from mainstay.bootstrap.asgi import api_from_environment
from mainstay.bootstrap.program import Program
from sample.notes import MODULE


def make_program() -> Program:
    """Return the sample program."""
    return Program(
        name="sample",
        title="Sample",
        description="A program for tests.",
        version="1.2.3",
        modules=(MODULE,),
        migrations=("mainstay.migrations", "sample.migrations"),
    )


def api() -> FastAPI:
    """Return its API, with the settings of the environment."""
    return api_from_environment(make_program())
