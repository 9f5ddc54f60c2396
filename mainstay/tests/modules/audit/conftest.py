"""A program that is identity and the audit trail, and entries to look at."""

import json

import pytest
from trail import ADA, Edit, Export, Record

from mainstay.bootstrap.program import Program
from mainstay.messages.audit import Entry
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.audit.service.chain import Head
from mainstay.modules.audit.service.exporting import export
from mainstay.modules.identity.module import IDENTITY
from mainstay.work import SYSTEM, Actor, WorkOpener


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    return Program(
        name="recorder",
        title="Recorder",
        description="Keeps a record.",
        version="1.0.0",
        modules=(IDENTITY, AUDIT),
        migrations=("mainstay.migrations",),
    )


@pytest.fixture
def record(open_work: WorkOpener) -> Record:
    """Writes entries, each in a transaction of its own, as acts of Ada's."""

    async def record(*entries: Entry, actor: Actor = ADA) -> None:
        for entry in entries:
            async with open_work(actor) as work:
                work.record(entry)

    return record


@pytest.fixture
def export_trail(open_work: WorkOpener) -> Export:
    """Exports the trail; returns the lines and the head."""

    async def export_trail() -> tuple[list[str], Head]:
        lines: list[str] = []
        async with open_work(SYSTEM) as work:
            head = await export(work, lines.append)
        return lines, head

    return export_trail


def edited(line: str, *path: str, to: object) -> str:
    """Return a line of an export with one value changed."""
    record = json.loads(line)
    part = record
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = to
    return json.dumps(record, ensure_ascii=False) + "\n"


@pytest.fixture
def edit() -> Edit:
    """Returns a line of an export with one value changed: `edit(line, "entry", "act", to=...)`."""
    return edited
