"""What a program documents of itself is its own: every setting, event, problem and command, and no secret."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import pytest
from pydantic import Field, SecretStr

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.docs_cli import commands_of
from mainstay.bootstrap.documents import documents, every_command
from mainstay.bootstrap.program import Program
from mainstay.messages.event import Event
from mainstay.module import Module
from mainstay.settings import Settings


class Colour(StrEnum):
    RED = "red"


class Painted(Event):
    """A wall was painted.

    Whoever looks sees it.
    """

    name: ClassVar[str] = "walls.painted"
    wall_id: UUID
    colours: list[Colour] | None = Field(default=None, description="From the top | to the floor")


class WallSettings(Settings):
    """How walls are."""

    section = "walls"

    height: int = Field(default=3, description="Metres")
    key: SecretStr | None = Field(default=SecretStr("hidden-by-everybody"), description="Opens the door")


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    """The documents of a program with walls, and nothing else."""
    walls = Module(name="walls", events=(Painted,), settings=(WallSettings,))
    program = Program("house", "House", "A house.", "1", (walls,), ("mainstay.migrations",))
    written = documents(program, commands_of(create_cli(program)))
    return {name: content.decode() for name, content in written.items()}


def test_settings_stand_with_their_variable_what_holds_without_it_and_no_secret(found: dict[str, str]) -> None:
    lines = found["settings.md"].splitlines()

    assert "| `HOUSE_WALLS_HEIGHT` | `3` | Metres |" in lines
    assert "| `HOUSE_WALLS_KEY` |  | A secret. Opens the door |" in lines
    assert "| `HOUSE_PORT` | `8000` |  |" in lines
    assert "## log" in lines
    assert "hidden-by-everybody" not in "".join(found.values())


def test_events_stand_with_their_fields(found: dict[str, str]) -> None:
    lines = found["events.md"].splitlines()

    begin = lines.index("## walls.painted")
    assert lines[begin + 2 : begin + 5] == ["A wall was painted.", "", "Whoever looks sees it."]
    assert "| `wall_id` | string (uuid) |  |" in lines
    assert "| `colours` | array of Colour or null | From the top \\| to the floor |" in lines
    assert '"walls.painted"' in found["events.json"]


def test_problems_stand_with_their_status(found: dict[str, str]) -> None:
    assert "| `not_allowed` | 403 | You do not have the right to do this |" in found["problems.md"]


def test_commands_stand_with_what_they_take(found: dict[str, str], program: Program) -> None:
    lines = found["commands.md"].splitlines()

    assert "## `house db upgrade`" in lines
    assert "| `--database-url` | Another database than the program's own. |" in lines
    assert "| `FOLDER` | Where to write; made where it is missing. |" in lines
    names = [name for name, _ in every_command(commands_of(create_cli(program)))]
    assert {"serve", "db psql", "sample shout"} <= set(names)
    assert len(names) == len(set(names))
