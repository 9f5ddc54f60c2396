"""The planted program."""

from probe.main import NOTES

from mainstay.bootstrap.program import Program
from mainstay.module import Module
from planted import mistakes


def make_program() -> Program:
    """Return the planted program; its people and its notes are those of the probe program."""
    return Program(
        name="planted",
        title="Planted",
        description="A program with mistakes.",
        version="1.0.0",
        modules=(NOTES, Module(name="planted", routers=(mistakes.router,))),
        migrations=("mainstay.migrations", "probe.migrations"),
    )
