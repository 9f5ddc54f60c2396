"""The commands `backup`, `backups`, `verify` and `restore`."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from mainstay import ids
from mainstay.db.backup.archive import FILES
from mainstay.db.backup.errors import BackupError
from mainstay.modules.backup.errors import BackupUnderWay
from mainstay.modules.backup.service import commands, looking, making
from mainstay.modules.backup.service.making import Outcome
from mainstay.setup import About
from mainstay.work import SYSTEM, Reach, Row

app = typer.Typer()

Folder = Annotated[Path | None, typer.Option("--to", help="Another folder than that of the settings.", file_okay=False)]
Source = Annotated[str, typer.Argument(help="An archive: its path, or its address in the bucket.", metavar="ARCHIVE")]
To = Annotated[
    str, typer.Option("--to", help="The address of an empty database (postgresql://…), or a new data folder.")
]
Optional = Annotated[str | None, typer.Argument(help="An archive: path, or address.", metavar="[ARCHIVE]")]
Stored = Annotated[bool, typer.Option("--stored", help="What lies in the place of the settings; needs no database.")]
At = Annotated[str | None, typer.Option("--at", help="A moment such as 2026-11-30T14:05:00+01:00, or `latest`.")]
From = Annotated[Path | None, typer.Option("--from", help="What received the log, instead of that of the settings.")]
Upgrade = Annotated[bool, typer.Option("--upgrade", help="Apply the migrations that came after the archive, too.")]
# More than the rules keep.
MOST_LISTED = 500


@app.command()
def backup(command: typer.Context, *, to: Folder = None) -> None:
    """Make a backup of the database now, restore it for a trial, and print where the archive lies.

    The program may run meanwhile. docs/runbooks/backup-and-restore.md
    """
    outcome = asyncio.run(_make(command.obj, None if to is None else to.resolve()))
    if outcome.made is None or outcome.state == "broken":
        raise BackupError(outcome.reason or "The backup failed.")
    manifest = outcome.made.manifest
    typer.echo(f"{manifest.rows} rows of {len(manifest.tables)} tables: {outcome.state}.", err=True)
    if outcome.reason:
        typer.echo(outcome.reason, err=True)
    typer.echo(str(outcome.made.archive))


@app.command()
def backups(command: typer.Context, *, stored: Stored = False) -> None:
    """List the backups of this database, the newest first, or all archives that are there."""
    if stored:
        for each in commands.kept(command.obj.about):
            header = each.header
            state = "sealed" if header.key else "open"
            made_at = f"{header.made_at:%Y-%m-%d %H:%M:%S} UTC"
            typer.echo("\t".join((made_at, header.program, state, f"{each.size} bytes", str(each.archive))))
        return
    for row in asyncio.run(_list(command.obj)):
        state = "removed" if row["removed_at"] else row["state"]
        size = "" if row["size_bytes"] is None else f"{row['size_bytes']} bytes"
        typer.echo(
            "\t".join((f"{row['started_at']:%Y-%m-%d %H:%M:%S} UTC", state, size, row["path"] or row["reason"] or ""))
        )


@app.command()
def verify(command: typer.Context, archive: Source) -> None:
    """Read all of ARCHIVE and say whether it is as it was made, and of this program; needs no database."""
    about = command.obj.about
    _, manifest = commands.verified(about, commands.named(about, archive), _tell)
    typer.echo(
        f"All is well: {manifest.rows} rows of {len(manifest.tables)} tables, made by {manifest.program} "
        f"{manifest.version} at {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC."
    )


@app.command()
def restore(  # noqa: PLR0913  each is an option
    command: typer.Context,
    archive: Optional = None,
    *,
    to: To,
    at: At = None,
    source: From = None,
    upgrade: Upgrade = False,
) -> None:
    """Restore ARCHIVE, or the moment --at, beside what is there: into an empty database, or a new data folder.

    An archive is verified first. A moment is reached from what --from received of the embedded database.
    """
    about = command.obj.about
    if (archive is None) == (at is None):
        raise typer.BadParameter("Name an archive, or a moment with --at.")
    if at is not None:
        _restore_moment(about, commands.moment_of(at), to, source)
        return
    assert archive is not None  # noqa: S101  see above
    verified = commands.verified(about, commands.named(about, archive), _tell)
    commands.restored(about, verified, to, is_upgraded=upgrade)
    manifest = verified[1]
    if "://" in to and any(part.name == FILES for part in manifest.parts):
        _tell("The archive's files are written into a new data folder only (--to FOLDER); take its folder `files`.")
    typer.echo(f"Restored {manifest.rows} rows of {len(manifest.tables)} tables; each table is as it was.")


def _restore_moment(about: About, at: datetime | None, to: str, source: Path | None) -> None:
    outcome = commands.restored_to(about, at, Path(to), source, _tell)
    rows = outcome.state.rows
    typer.echo(f"Restored {sum(rows.values())} rows of {len(rows)} tables; what must hold holds.")
    if outcome.files:
        typer.echo(f"With {outcome.files} files, as the second place had them.")
    elif rows.get("public.files_file"):
        _tell(
            f"The second place has no files: copy the folder `files` of the former data folder, or of a restored "
            f"archive, to {Path(to) / 'files'} before the program starts."
        )
    if outcome.last_at:
        typer.echo(f"The last thing in it was done at {outcome.last_at} UTC.")


def _tell(line: str) -> None:
    typer.echo(line, err=True)


async def _make(reach: Reach, folder: Path | None) -> Outcome:
    key = ids.new_id()
    async with reach() as open_work:
        try:
            async with open_work(SYSTEM) as uow:
                await making.begin(uow, key, "asked")
        except BackupUnderWay as refusal:
            raise BackupError(refusal.detail) from refusal
        try:
            async with open_work(SYSTEM) as uow:
                outcome = await making.carry_out(uow, key, folder)
        except BaseException:
            async with open_work(SYSTEM) as uow:
                await making.break_off(uow, key)
            raise
        async with open_work(SYSTEM) as uow:
            await making.finish(uow, key, outcome)
    return outcome


async def _list(reach: Reach) -> list[Row]:
    async with reach() as open_work, open_work(SYSTEM) as uow:
        return await looking.page(uow, None, MOST_LISTED)
