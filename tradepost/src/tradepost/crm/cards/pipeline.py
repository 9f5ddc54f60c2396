"""The whole way of one picture, in one process: open, find, cut out, read, make fields."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from tradepost.crm.cards.codes import contact_of, read_codes
from tradepost.crm.cards.engines.chain import Chain
from tradepost.crm.cards.engines.port import ReadCard, TextLine
from tradepost.crm.cards.fields.assemble import Fields, Value, fields_of
from tradepost.crm.cards.fields.segments import Segment, segments_of
from tradepost.crm.cards.finding import DOUBTFUL, Found, find_cards
from tradepost.crm.cards.geometry import Matrix, flatten, through
from tradepost.crm.cards.limits import Limits
from tradepost.crm.cards.opening import Photo, open_photo
from tradepost.crm.cards.quad import Quad
from tradepost.crm.cards.reading import (
    AddressReading,
    CardReading,
    FieldKind,
    FieldReading,
    LineReading,
    PhoneReading,
    Spot,
)

# Print this near to the edge (of the longer side) runs over it.
EDGE: Final = 0.004
# With more lines than this, a picture shows other print than a card.
MOST_LINES: Final = 16


@dataclass(frozen=True, slots=True)
class _Way:
    """From the flat card to the original photo."""

    matrix: Matrix
    scale: float

    def spot(self, quad: Quad, text: str) -> Spot:
        """Return the place on the card and in the photo."""
        return Spot(_rounded(quad), _rounded(through(quad, self.matrix).scaled(1 / self.scale)), text)

    def field(self, kind: FieldKind, value: Value) -> FieldReading:
        """Return the field with its places."""
        spots = tuple(self.spot(one.quad, one.text) for one in value.segments)
        return FieldReading(kind, value.text, value.confidence, spots)


def read_photo(content: bytes, chain: Chain, limits: Limits | None = None) -> list[CardReading]:
    """Return a reading for each card of a picture. Raises PictureRefused and EngineFailed."""
    photo = open_photo(content, limits)
    places = find_cards(photo.pixels)
    made = readings = [_read(photo, place, chain) for place in places]
    if len(places) == 1 and 0 < places[0].score < DOUBTFUL:
        height, width = photo.pixels.shape[:2]
        whole = _read(photo, Found(Quad.box(0, 0, width, height), 0.0), chain)
        made = [readings[0], whole]
        readings = [whole if _says_more(whole, readings[0]) else readings[0]]
    # Coloured paper and phones are four-cornered too: where any shape has print, those without are no cards.
    printed = [one for one in readings if one.lines or one.code]
    return _with_all_calls(printed or readings[:1], made)


def _with_all_calls(kept: list[CardReading], made: Sequence[CardReading]) -> list[CardReading]:
    """Return the readings that are kept, the first one with the calls for those that are not: figures count them."""
    others = [call for one in made if all(one is not other for other in kept) for call in one.calls]
    return [replace(kept[0], calls=(*kept[0].calls, *others)), *kept[1:]]


def _says_more(whole: CardReading, part: CardReading) -> bool:
    """Whether a part of the picture was cut out that is not the card: contact data or a few lines lie outside of it."""
    data = [len(one.phones) + len(one.emails) + len(one.websites) for one in (whole, part)]
    return data[0] > data[1] or (data[0] == data[1] and len(part.lines) < len(whole.lines) <= MOST_LINES)


def _read(photo: Photo, place: Found, chain: Chain) -> CardReading:
    flat = flatten(photo.pixels, place.quad)
    read = chain.read(flat)
    code = next(iter(read_codes(flat.pixels)), "")
    segments = segments_of(_on_card(read, place))
    height, width = read.card.pixels.shape[:2]
    fields = fields_of(segments, width, height)
    way = _Way(read.card.to_photo, photo.scale)
    lines = _lines(segments, read, way)
    return replace(_reading(place, way, fields, lines, (width, height, code, chain.version)), calls=read.calls)


def _reading(
    place: Found, way: _Way, fields: Fields, lines: tuple[LineReading, ...], rest: tuple[int, int, str, str]
) -> CardReading:
    width, height, code, engines = rest
    return CardReading(
        place=_rounded(place.quad.scaled(1 / way.scale)),
        certainty=round(place.score, 3),
        width=width,
        height=height,
        lines=lines,
        name=way.field("name", fields.name) if fields.name else None,
        prefix=fields.prefix,
        title=way.field("title", fields.title) if fields.title else None,
        department=way.field("department", fields.department) if fields.department else None,
        company=way.field("company", fields.company) if fields.company else None,
        phones=tuple(PhoneReading(way.field("phone", value), item.e164, item.kind) for value, item in fields.phones),
        emails=tuple(way.field("email", value) for value in fields.emails),
        websites=tuple(way.field("website", value) for value in fields.websites),
        address=AddressReading(way.field("address", fields.address[0]), fields.address[1]) if fields.address else None,
        language=fields.language,
        engines=engines,
        code=code,
        coded=contact_of(code) if code else None,
    )


def _on_card(read: ReadCard, place: Found) -> list[TextLine]:
    """Return the lines that do not run over the edge of a card that was cut out: those belong to what lies under it."""
    height, width = read.card.pixels.shape[:2]
    if not place.score:
        return list(read.lines)
    room = EDGE * max(height, width)
    return [
        line
        for line in read.lines
        if line.quad.left > room
        and line.quad.top > room
        and line.quad.right < width - room
        and line.quad.bottom < height - room
    ]


def _lines(segments: Sequence[Segment], read: ReadCard, way: _Way) -> tuple[LineReading, ...]:
    engines = {_key(line): line.engine for line in read.lines}
    return tuple(
        LineReading(way.spot(one.quad, one.text), round(one.confidence, 3), engines.get(one.quad.corners, ""))
        for one in segments
    )


def _key(line: TextLine) -> object:
    return line.quad.corners


def _rounded(quad: Quad) -> Quad:
    return Quad.of(np.round(np.array(quad.corners), 1))
