"""The probe program, and its API as a server imports it."""

import os
from pathlib import Path

from fastapi import FastAPI

from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.keyring import Keyring
from mainstay.module import Module
from mainstay.observe.logs import LogSettings, configure_logging
from probe import notes, sendings, trouble

SECRET_KEY = Keyring(b"a key that only the tests of the probe program use")

NOTES = Module(
    name="probe",
    routers=(notes.router, sendings.router),
    models=(notes.Note, notes.Remark),
    events=(notes.NoteWritten,),
    permissions=(notes.READ, notes.WRITE),
    authenticate=notes.authenticate,
    caches=(sendings.FOR_ALL, sendings.FOR_ONE),
    warm=sendings.warm,
)
TROUBLE = Module(name="trouble", routers=(trouble.router,))


def make_program() -> Program:
    """Return the probe program; the environment may name the folder of a web app."""
    static = os.environ.get("PROBE_STATIC")
    return Program(
        name="probe",
        title="Probe & <Co>",
        description="A program for tests.",
        version="1.2.3",
        modules=(NOTES, TROUBLE),
        migrations=("mainstay.migrations", "probe.migrations"),
        static=Path(static) if static else None,
    )


def api() -> FastAPI:
    """Return the API on the database that the environment names, logging as a served program does."""
    configure_logging(LogSettings.load("probe").level)
    program = make_program()
    return create_api(program, program.configuration(), os.environ["PROBE_DATABASE_URL"], SECRET_KEY)
