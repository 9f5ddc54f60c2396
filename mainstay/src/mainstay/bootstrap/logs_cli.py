"""The command `logs`: what all processes wrote of a request, a person or a record, in one place."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import orjson
import typer

from mainstay.errors import ConfigurationError
from mainstay.observe.log_reading import Wanted, files_of, found_in, shown
from mainstay.observe.logs import LogSettings
from mainstay.settings import CoreSettings

Files = Annotated[list[Path] | None, typer.Argument(help="Log files to read instead of the program's own.")]
Request = Annotated[str | None, typer.Option(help="The id of a request, as X-Request-ID and problems tell it.")]
Trace = Annotated[str | None, typer.Option(help="The id of a trace.")]
Actor = Annotated[str | None, typer.Option(help="The id of who acted or caused it.")]
Record = Annotated[str | None, typer.Option(help="The id of what it is about, such as a sale.")]
Level = Annotated[
    Literal["debug", "info", "warning", "error", "critical"], typer.Option(help="The least serious line to show.")
]
Since = Annotated[datetime | None, typer.Option(help="From when on (UTC), such as 2026-11-30T09:00:00.")]
Json = Annotated[bool, typer.Option("--json", help="Lines as they stand in the files.")]


def add_logs(app: typer.Typer, program: str) -> None:
    """Add the command to `app`."""

    @app.command()
    def logs(  # noqa: PLR0913  each is an option
        files: Files = None,
        *,
        request: Request = None,
        trace: Trace = None,
        actor: Actor = None,
        record: Record = None,
        level: Level = "debug",
        since: Since = None,
        is_json: Json = False,
    ) -> None:
        """Show the log of all processes: whole requests, with the jobs and webhooks that they caused."""
        moment = None if since is None else since.replace(tzinfo=since.tzinfo or UTC)
        wanted = Wanted(request, trace, actor, record, level, moment)
        for line in found_in(files or _own_files(program), wanted):
            text = orjson.dumps(line) if is_json else shown(line).encode("utf-8", "replace")
            sys.stdout.buffer.write(text + b"\n")


def _own_files(program: str) -> list[Path]:
    """Return the files that the program writes; raises ConfigurationError when it writes none."""
    settings = LogSettings.load(program)
    found = files_of(settings, CoreSettings.load(program).data_dir / "log")
    if not found:
        raise ConfigurationError(
            f"There is no log file: set {program.upper()}_LOG_FILE to have one, "
            "or name the files in which you keep what the program writes to standard output."
        )
    return found
