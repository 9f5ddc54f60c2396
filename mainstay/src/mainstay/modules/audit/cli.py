"""The commands `audit …`: export the trail, and verify an export anywhere."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from mainstay.modules.audit.service.chain import Head
from mainstay.modules.audit.service.exporting import export as export_trail
from mainstay.modules.audit.service.verifying import Malformed, parse_head
from mainstay.modules.audit.service.verifying import verify as verify_lines
from mainstay.work import SYSTEM, Reach

app = typer.Typer(help="Export and verify the audit trail.", no_args_is_help=True)

Target = Annotated[Path, typer.Argument(help="File to write; it must not exist yet.", dir_okay=False)]
Source = Annotated[Path, typer.Argument(help="An export.", exists=True, dir_okay=False)]
Anchors = Annotated[
    list[str] | None, typer.Option("--anchor", help="A head that was noted before, such as 57:9f3c…; repeatable.")
]


@app.command()
def export(command: typer.Context, file: Target) -> None:
    """Seal the audit trail, write it to FILE (only its owner can read it), and print the head: note it elsewhere."""
    try:
        file.touch(mode=0o600, exist_ok=False)
    except OSError as failure:
        raise typer.BadParameter(f"{file} cannot be made: {failure.strerror}.") from failure
    head = asyncio.run(_export(command.obj, file))
    typer.echo(f"{head.sequence} entries; the head is {head}")


@app.command()
def verify(file: Source, *, anchor: Anchors = None) -> None:
    """Check FILE without any database: edited, removed, added, moved and cut-off entries are named."""
    try:
        anchors = [parse_head(text) for text in anchor or ()]
    except Malformed as failure:
        raise typer.BadParameter(f"{failure}.") from failure
    with file.open(encoding="utf-8") as lines:
        report = verify_lines(lines, anchors)
    for finding in report.findings:
        typer.echo(finding)
    if report.findings:
        raise typer.Exit(1)
    typer.echo(f"All is well: {report.entries} entries, {report.erased} erased parts; the head is {report.head}")


async def _export(reach: Reach, file: Path) -> Head:
    with file.open("w", encoding="utf-8") as target:
        async with reach() as open_work, open_work(SYSTEM) as uow:
            return await export_trail(uow, target.write)
