"""Commands of contacts: read photos of business cards without storing anything."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from mainstay.errors import DomainError
from tradepost.crm.cards.reader import CardReader
from tradepost.crm.cards.reading import CardReading
from tradepost.crm.exchange.vcard.writer import write_vcard

app = typer.Typer(help="Contacts and business cards.", no_args_is_help=True)

Tell = Callable[[Path, CardReading], str]
Files = Annotated[list[Path], typer.Argument(help="Photos of cards: JPEG, PNG or WebP.", exists=True, dir_okay=False)]
AsJson = Annotated[bool, typer.Option("--json", help="Everything that was read, one JSON object a card.")]
AsVcard = Annotated[bool, typer.Option("--vcard", help="The contacts as vCard 4.0, for another program.")]


@app.callback()
def contacts() -> None:
    """Contacts and business cards."""


@app.command()
def read_card(files: Files, *, as_json: AsJson = False, as_vcard: AsVcard = False) -> None:
    """Read business cards from photos and print what they say; nothing is stored."""
    if as_json and as_vcard:
        raise typer.BadParameter("Choose either --json or --vcard.")
    tell = _as_json if as_json else _as_vcard if as_vcard else _as_text
    if not asyncio.run(_read_all(files, tell)):
        raise typer.Exit(1)


async def _read_all(files: list[Path], tell: Tell) -> bool:
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
                typer.echo(tell(path, reading))
    return all_well


def _as_json(path: Path, reading: CardReading) -> str:
    return json.dumps({"file": str(path), **asdict(reading)}, ensure_ascii=False)


def _as_vcard(_: Path, reading: CardReading) -> str:
    return write_vcard(reading.to_record()).removesuffix("\r\n")


def _as_text(path: Path, reading: CardReading) -> str:
    fields = [reading.name, reading.title, reading.department, reading.company]
    fields += [phone.field for phone in reading.phones]
    fields += [*reading.emails, *reading.websites, reading.address.field if reading.address else None]
    lines = [f"  {one.kind:<11}{one.confidence:>5.0%}  {one.value}" for one in fields if one]
    return "\n".join([f"{path}:", *(lines or ["  nothing could be read"])])
