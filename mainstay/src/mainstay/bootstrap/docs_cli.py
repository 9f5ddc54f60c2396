"""The command `docs`: what the program documents of itself, written into a folder."""

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_command

from mainstay.bootstrap.documents import documents
from mainstay.bootstrap.program import Program

Folder = Annotated[Path, typer.Argument(help="Where to write; made where it is missing.", file_okay=False)]


def add_docs(app: typer.Typer, program: Program) -> None:
    """Add the command to `app`."""

    @app.command()
    def docs(folder: Folder) -> None:
        """Write the API's description and the lists of settings, problems, events and commands into FOLDER.

        It needs no database and no network; files of the same names are replaced.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in documents(program, commands_of(app)).items():
                (folder / name).write_bytes(content)
                typer.echo(str(folder / name))
        except OSError as failure:
            raise typer.BadParameter(f"{folder} cannot be written: {failure.strerror}.") from failure


def commands_of(app: typer.Typer) -> TyperGroup:
    """Return the commands of a command line, as they can be walked through."""
    found = get_command(app)
    assert isinstance(found, TyperGroup)  # noqa: S101  a program has more commands than one
    return found
