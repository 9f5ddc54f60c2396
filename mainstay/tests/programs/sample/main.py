"""The sample program: its one module, and the three things that can be made of it."""

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
