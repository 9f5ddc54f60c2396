"""Reading vCard files of any size, piece by piece: each card is a contact or a reason (rule 35)."""

from collections.abc import Iterable, Iterator

from tradepost.crm.exchange.entry import Read, Rejected, Unreadable
from tradepost.crm.exchange.sheet.rejects import text_cells
from tradepost.crm.exchange.vcard.content_line import ContentLine, parse_line
from tradepost.crm.exchange.vcard.decoding import decode, fallback_codec
from tradepost.crm.exchange.vcard.escaping import from_old_value
from tradepost.crm.exchange.vcard.fields import read_contact
from tradepost.crm.exchange.vcard.physical import Physical, PhysicalLines
from tradepost.crm.exchange.vcard.splitting import MOST_CARDS, RawCard, Splitter
from tradepost.crm.exchange.vcard.unfolding import Unfolder

# In 2.1, where commas are not escaped, these are lists; of others nobody knows, and they are left alone.
_OLD_LISTS = frozenset({"CATEGORIES", "NICKNAME"})
_OLD_TEXTS = frozenset({"FN", "N", "ADR", "ORG", "TITLE", "NOTE", "LABEL", "ROLE"})


def read_vcards(pieces: Iterable[bytes]) -> Iterator[Read | Rejected]:
    """Yield what came of each card of a file. Raises ExchangeProblem when it is no vCard file or has too many."""
    reader = VCardReader()
    for piece in pieces:
        yield from reader.feed(piece)
    yield from reader.end()


class VCardReader:
    """Reads a file that is fed piece by piece; what `feed` and `end` give must be taken before the next piece."""

    def __init__(self, most_cards: int = MOST_CARDS) -> None:
        self._physical = PhysicalLines()
        self._unfolder = Unfolder()
        self._splitter = Splitter(most_cards)

    @property
    def count(self) -> int:
        """The number of cards that have begun."""
        return self._splitter.count

    def feed(self, piece: bytes) -> Iterator[Read | Rejected]:
        """Yield the cards that end in this piece. Raises ExchangeProblem."""
        for line in self._physical.feed(piece):
            yield from self._take(line)
        self._splitter.check_size(self._physical.open_size)

    def end(self) -> Iterator[Read | Rejected]:
        """Yield what the end of the file ends. Raises ExchangeProblem."""
        for line in self._physical.end():
            yield from self._take(line)
        if (last := self._unfolder.end()) is not None:
            yield from map(_entry, self._splitter.take(last))
        yield from map(_entry, self._splitter.end())

    def _take(self, line: Physical) -> Iterator[Read | Rejected]:
        for one in self._unfolder.take(line):
            yield from map(_entry, self._splitter.take(one))
            self._unfolder.is_old = self._splitter.is_old


def _entry(card: RawCard | Rejected) -> Read | Rejected:
    if isinstance(card, Rejected):
        return card
    try:
        record = read_contact(_content_lines(card))
    except Unreadable as failure:
        return Rejected(card.number, card.line, failure.reason, text_cells(_text(card)))
    return Read(card.number, card.line, record, tuple(card.notices))


def _text(card: RawCard) -> str:
    """Return a card as somebody can read it."""
    fallback = fallback_codec(card.properties)
    return "\n".join(decode(raw, fallback).strip() for raw in card.properties)


def _content_lines(card: RawCard) -> Iterator[ContentLine]:
    """Yield the properties of a card in the syntax of the later versions; what is none is noted and left out."""
    fallback = fallback_codec(card.properties)
    for raw in card.properties:
        text = decode(raw, fallback)
        line = parse_line(text.strip(), is_old=card.is_old)
        if line is None:
            card.note("line_left_out", f"Line {raw.number} is no property and was left out: “{text[:40]}”.")
        else:
            yield _renewed(line, is_old=card.is_old, is_base64=raw.is_base64)


def _renewed(line: ContentLine, *, is_old: bool, is_base64: bool) -> ContentLine:
    value, key = line.value, line.key
    if is_base64:
        value = "".join(value.split())
    elif is_old and key in _OLD_LISTS | _OLD_TEXTS:
        value = from_old_value(value, is_list=key in _OLD_LISTS)
    else:
        value = value.replace("\r\n", "\\n").replace("\n", "\\n")
    parameters = line.without("CHARSET", "ENCODING")
    if is_base64:
        parameters = (*parameters, ("ENCODING", ("b",)))
    return ContentLine(line.name, value, parameters, line.group)
