"""Readings of invented cards as the engines would give them: for tests of what is done with them, none is read."""

import io
import zipfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from PIL import Image

from tradepost.crm.cards.quad import Quad
from tradepost.crm.cards.reading import AddressReading, CardReading, FieldReading, LineReading, PhoneReading, Spot
from tradepost.crm.exchange.record import PostalAddress

# Sends a picture (`batch_id`, `filename`); sends one and keeps readings of it, and returns its cards.
SendPhoto = Callable[..., Awaitable[dict[str, Any]]]
MakeCards = Callable[..., Awaitable[list[dict[str, Any]]]]

ENGINES = "rapidocr/3.10.0+1 tesseract/5.3.0+rus+eng+1"
LINES = ("Odalys Fennimore", "Sales Manager", "Kestrel Tools Ltd", "+44 20 7946 0958", "odalys@kestrel.example")


def spot(line: int, text: str) -> Spot:
    """Return the place of the `line`-th printed line."""
    quad = Quad.box(10, 20 * line, 10 + 8 * len(text), 20 * line + 16)
    return Spot(quad, quad, text)


def field_at(kind: str, line: int, text: str, confidence: float = 0.95) -> FieldReading:
    """Return a field that is the whole of a line."""
    return FieldReading(kind, text, confidence, (spot(line, text),))  # type: ignore[arg-type]  # any text of a test


def reading(lines: Sequence[str] = LINES, *, phone_confidence: float = 0.95, code: str = "") -> CardReading:
    """Return a card with a name, a title, a company, a phone and an e-mail, each on a line; "" is a line without it."""
    name, title, company, phone, email = lines
    return CardReading(
        place=Quad.box(0, 0, 300, 200),
        certainty=0.9,
        width=1000,
        height=600,
        lines=tuple(LineReading(spot(at, text), 0.9, "rapidocr") for at, text in enumerate(lines) if text),
        name=field_at("name", 0, name) if name else None,
        prefix="",
        title=field_at("title", 1, title) if title else None,
        department=None,
        company=field_at("company", 2, company) if company else None,
        phones=(PhoneReading(field_at("phone", 3, phone, phone_confidence), None, "work"),) if phone else (),
        emails=(field_at("email", 4, email),) if email else (),
        websites=(),
        address=None,
        language="en",
        engines=ENGINES,
        code=code,
    )


def with_address(card: CardReading, text: str) -> CardReading:
    """Return the card with an address on one more line."""
    line = len(card.lines)
    lines = (*card.lines, LineReading(spot(line, text), 0.9, "rapidocr"))
    return replace(card, lines=lines, address=AddressReading(field_at("address", line, text), PostalAddress(text)))


def picture(colour: tuple[int, int, int] = (255, 255, 255), kind: str = "PNG", **options: object) -> bytes:
    """Return the file of a picture of one colour, 300 by 200 pixels."""
    out = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, kind, **options)
    return out.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    """Return an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()
