"""Commands of contacts: read photos of business cards without storing anything."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from mainstay.errors import DomainError
from tradepost.crm.cards.reader import CardReader
from tradepost.crm.cards.reading import CardReading

app = typer.Typer(help="Contacts and business cards.", no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Photos of cards: JPEG, PNG or WebP.", exists=True, dir_okay=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Everything that was read, one JSON object a card.")]


@app.callback()
def contacts() -> None:
    """Contacts and business cards."""


@app.command()
def read_card(files: Files, *, as_json: AsJson = False) -> None:
    """Read business cards from photos and print what they say; nothing is stored."""
    if not asyncio.run(_read_all(files, as_json=as_json)):
        raise typer.Exit(1)


async def _read_all(files: list[Path], *, as_json: bool) -> bool:
    """Print each file's cards, or why there are none; return whether all could be read."""
    all_well = True
    async with CardReader() as reader:
        for path in files:
            try:
                readings = await reader.read_cards(await asyncio.to_thread(path.read_bytes))
            except DomainError as error:
                typer.echo(f"{path}: {error.detail}", err=True)
                all_well = False
                continue
            for reading in readings:
                typer.echo(json.dumps(asdict(reading), ensure_ascii=False) if as_json else _told(path, reading))
    return all_well


def _told(path: Path, reading: CardReading) -> str:
    fields = [reading.name, reading.title, reading.department, reading.company]
    fields += [phone.field for phone in reading.phones]
    fields += [*reading.emails, *reading.websites, reading.address.field if reading.address else None]
    lines = [f"  {one.kind:<11}{one.confidence:>5.0%}  {one.value}" for one in fields if one]
    return "\n".join([f"{path}:", *(lines or ["  nothing could be read"])])
