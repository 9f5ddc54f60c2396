"""The cards of a file, one after another, each as its raw properties or as a reason why it is none."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tradepost.crm.exchange.entry import ExchangeProblem, Notice, Rejected
from tradepost.crm.exchange.vcard.unfolding import RawProperty

MOST_CARDS = 50_000
MOST_PROPERTIES = 2_000
# Bytes; of pictures only the beginning is kept, but they count.
LARGEST_CARD = 20_000_000
# Bytes that may be kept of one card's properties.
MOST_KEPT = 1_000_000
MOST_NESTED = 5
MOST_NOTICES = 10
# Bytes that may stand before the first card.
LONGEST_PREFACE = 65_536
NO_CARDS = "This is no vCard file: it has no line BEGIN:VCARD."
# What may be long, and is left out when it is.
BINARY = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE"})
_BEGIN, _END = "BEGIN:VCARD", "END:VCARD"


@dataclass(slots=True)
class RawCard:
    """A card as it stands in its file; `number` and `line` count from one."""

    number: int
    line: int
    version: str = ""
    properties: list[RawProperty] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    problem: Notice | None = None
    size: int = 0
    kept: int = 0
    depth: int = 0
    agent_follows: bool = False

    @property
    def is_old(self) -> bool:
        """Whether it is of version 2.1."""
        return self.version.startswith("2")

    def note(self, code: str, sentence: str) -> None:
        """Keep what was left out of the card, as far as anybody wants to read it."""
        if len(self.notices) < MOST_NOTICES:
            self.notices.append(Notice(code, sentence))

    def refuse(self, code: str, sentence: str) -> None:
        """Keep the first reason against the card, and nothing else of it."""
        self.problem = self.problem or Notice(code, sentence)
        self.properties.clear()

    def rejected(self) -> Rejected:
        """Return the card as one that ends with a reason, or without an end."""
        no_end = Notice("no_end", "The card has no line END:VCARD.")
        return Rejected(self.number, self.line, self.problem or no_end)


class Splitter:
    """Takes properties, and gives a card when its end has come. `is_old` says that one of version 2.1 is open."""

    def __init__(self, most_cards: int = MOST_CARDS) -> None:
        self._most = most_cards
        self._open: RawCard | None = None
        self._preface = 0
        self.count = 0

    @property
    def is_old(self) -> bool:
        """Whether the card that is open is of version 2.1."""
        return self._open is not None and self._open.is_old

    def check_size(self, pending: int) -> None:
        """Raise ExchangeProblem when `pending` bytes of a line that does not end are too many."""
        if not self.count and self._preface + pending > LONGEST_PREFACE:
            raise ExchangeProblem(NO_CARDS)
        if pending > LARGEST_CARD:
            raise ExchangeProblem(f"The file has a line of more than {LARGEST_CARD:,} bytes.")

    def take(self, one: RawProperty) -> Iterator[RawCard | Rejected]:
        """Yield the card that ends with this property. Raises ExchangeProblem."""
        sign = bytes(one.data[:64]).decode("ascii", "replace").strip().upper()
        card = self._open
        if card is None:
            self._outside(one, sign)
        elif sign == _BEGIN and not card.agent_follows:
            yield card.rejected()
            self._begin(one)
        elif sign == _END and not card.depth:
            self._open = None
            yield card.rejected() if card.problem else card
        else:
            _inside(card, one, sign)

    def end(self) -> Iterator[RawCard | Rejected]:
        """Yield the card that the end of the file cut off. Raises ExchangeProblem when there was none."""
        if self._open is not None:
            yield self._open.rejected()
        if not self.count:
            raise ExchangeProblem(NO_CARDS)

    def _outside(self, one: RawProperty, sign: str) -> None:
        if sign == _BEGIN:
            self._begin(one)
        else:
            self._preface += one.size
            self.check_size(0)

    def _begin(self, one: RawProperty) -> None:
        self.count += 1
        if self.count > self._most:
            raise ExchangeProblem(f"The file has more than {self._most:,} cards; send it in parts.")
        self._open = RawCard(self.count, one.number)


def _inside(card: RawCard, one: RawProperty, sign: str) -> None:
    card.size += one.size
    if card.size > LARGEST_CARD:
        card.refuse("card_too_large", f"The card has more than {LARGEST_CARD:,} bytes.")
    if sign == _BEGIN:
        _nest(card)
    elif sign == _END:
        card.depth -= 1
    elif not card.depth and card.problem is None:
        _keep(card, one)
    # In 2.1 the card of an agent stands inside, after a line that says so.
    card.agent_follows = one.name == "AGENT" and one.data.rstrip().endswith(b":")


def _nest(card: RawCard) -> None:
    card.depth += 1
    if card.depth > MOST_NESTED:
        card.refuse("nested_too_deep", "The card holds cards within cards.")
    elif card.depth == 1:
        card.note("agent_left_out", "The card of an agent inside of this card was left out.")


def _keep(card: RawCard, one: RawProperty) -> None:
    name = one.name
    if name == "VERSION":
        card.version = one.data.partition(b":")[2].decode("ascii", "replace").strip()
    elif one.is_cut and (one.is_base64 or name in BINARY):
        card.note("binary_left_out", f"The {name[:40]} is too large to be kept and was left out.")
    elif one.is_cut:
        card.refuse("property_too_long", f"The property {name[:40]} is too long; {len(one.data):,} bytes are kept.")
    elif name != "AGENT" or not one.data.rstrip().endswith(b":"):
        card.properties.append(one)
        card.kept += len(one.data)
    if len(card.properties) > MOST_PROPERTIES or card.kept > MOST_KEPT:
        card.refuse("card_too_large", f"The card has more than {MOST_PROPERTIES:,} properties or {MOST_KEPT:,} bytes.")
