"""The command `profile`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from mainstay.errors import DomainError
from mainstay.modules.operations.schemas import ProfileIn, ProfileOut
from mainstay.modules.operations.service import running
from mainstay.work import SYSTEM, Reach

app = typer.Typer()

Process = Annotated[str, typer.Option(help="The process to look at: api-1, api-2, worker-1.")]
Seconds = Annotated[float, typer.Option(min=0.1, max=30, help="For how long.")]
Output = Annotated[
    Path | None, typer.Option(help="A file for the stacks, which flame graph tools (speedscope.app) draw.")
]
MOST_PRINTED = 15


@app.command()
def profile(command: typer.Context, *, process: Process = "api-1", seconds: Seconds = 5, output: Output = None) -> None:
    """Look for some seconds at what a process of the running program does, and print where its time goes."""
    try:
        made = asyncio.run(_take(command.obj, ProfileIn(process=process, seconds=seconds)))
    except DomainError as refusal:
        typer.echo(refusal.detail, err=True)
        raise typer.Exit(1) from refusal
    if output is not None:
        output.write_text(made.stacks)
    typer.echo(f"{made.process}: at work in {made.samples} of {made.looks} looks, in {made.seconds:g} seconds.")
    for place in made.places[:MOST_PRINTED]:
        typer.echo(f"{place.samples:6d}  {place.place}")
    typer.echo("\nin itself  in all  function")
    for function in made.functions[:MOST_PRINTED]:
        line = f"{function.own:9d} {function.whole:7d}  {function.name} ({function.file}:{function.line})"
        typer.echo(line)


async def _take(reach: Reach, wanted: ProfileIn) -> ProfileOut:
    async with reach() as open_work:
        async with open_work(SYSTEM) as uow:
            running.record_profile(uow, wanted)
        return await running.take_profile(open_work.setup.peers, wanted)
