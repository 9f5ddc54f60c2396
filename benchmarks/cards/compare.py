"""Compares a reading with the truth: which fields are right, and how much of the print was read.

What counts as the same, for every engine alike: text fields in NFKC, case folded, letters and digits only (so accents
and every letter count; spaces, commas, dashes and quotation marks do not). A name is compared without honorifics and
as a set of words, as Russian cards print the family name first and truth lists it last. Telephone numbers are compared
in E.164, e-mail addresses letter by letter without case, websites without case, scheme and `www`. An address has to be
right as a whole, as printed. The kinds of telephone numbers are counted apart.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.cards.made import Truth
from tradepost.crm.cards.fields import lexicon
from tradepost.crm.cards.reading import CardReading

TEXT_FIELDS = ("title", "company", "department")
Item = tuple[str, str]


def plain(text: str) -> str:
    """Return letters and digits, case folded."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def name_key(text: str) -> str:
    """Return the words of a name in an order of their own."""
    bare = lexicon.HONORIFICS.sub("", text)
    return " ".join(sorted(filter(None, map(plain, bare.split()))))


def website_key(text: str) -> str:
    """Return a website without scheme, `www` and a slash at the end."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", text.strip().casefold()).rstrip("/")


def wanted(truth: Truth) -> Counter[Item]:
    """Return the fields that a card has."""
    fields = truth["fields"]
    items = [("name", name_key(fields["name"]))]
    items += [(kind, plain(fields[kind])) for kind in TEXT_FIELDS if fields[kind]]
    items += [("phone", phone["e164"]) for phone in fields["phones"]]
    items += [("email", email.casefold()) for email in fields["emails"]]
    items += [("website", website_key(website)) for website in fields["websites"]]
    if fields["address"]:
        items.append(("address", plain(fields["address"]["printed"])))
    return Counter(items)


def found(reading: CardReading) -> Counter[Item]:
    """Return the fields that were read."""
    items = [("name", name_key(reading.name.value))] if reading.name else []
    for kind, value in (("title", reading.title), ("company", reading.company), ("department", reading.department)):
        if value:
            items.append((kind, plain(value.value)))
    items += [("phone", phone.e164 or phone.field.value) for phone in reading.phones]
    items += [("email", email.value.casefold()) for email in reading.emails]
    items += [("website", website_key(website.value)) for website in reading.websites]
    if reading.address:
        items.append(("address", plain(reading.address.field.value)))
    return Counter(items)


@dataclass(slots=True)
class Tally:
    """Sums over cards."""

    cards: int = 0
    whole: int = 0
    right: Counter[str] = field(default_factory=Counter)
    wanted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    kinds_right: int = 0
    kinds: int = 0
    letters: int = 0
    letters_wrong: int = 0
    printed: int = 0
    printed_read: int = 0

    def add(self, truth: Truth, reading: CardReading) -> list[str]:
        """Count one card; return what was wrong."""
        should, is_ = wanted(truth), found(reading)
        both = should & is_
        self.cards += 1
        self.whole += should == is_
        for counter, items in ((self.right, both), (self.wanted, should), (self.found, is_)):
            counter.update(kind for kind, _ in items.elements())
        self._add_kinds(truth, reading)
        self._add_text(truth, [line.spot.text for line in reading.lines])
        missed = [f"- {kind} {value}" for kind, value in (should - is_).elements()]
        return missed + [f"+ {kind} {value}" for kind, value in (is_ - should).elements()]

    def _add_kinds(self, truth: Truth, reading: CardReading) -> None:
        kinds = {phone.e164: phone.kind for phone in reading.phones}
        for phone in truth["fields"]["phones"]:
            if phone["e164"] in kinds:
                self.kinds += 1
                self.kinds_right += kinds[phone["e164"]] == phone["kind"].replace("phone", "work")

    def _add_text(self, truth: Truth, texts: Sequence[str]) -> None:
        everything = plain("".join(texts))
        for line in truth["lines"]:
            text = plain(line["text"])
            self.letters += len(text)
            self.letters_wrong += min(closest(text, everything), len(text))
        for kind, value in wanted(truth):
            if kind not in {"name", "phone"}:
                self.printed += 1
                self.printed_read += plain(value) in everything

    def summary(self) -> dict[str, float | int]:
        """Return the figures as they are written down."""
        right, should, is_ = self.right.total(), self.wanted.total(), self.found.total()
        return {
            "cards": self.cards,
            "micro_f1": _share(2 * right, should + is_),
            "whole_cards": _share(self.whole, self.cards),
            "character_error_rate": _share(self.letters_wrong, self.letters),
            "field_recall_of_text": _share(self.printed_read, self.printed),
            "phone_kinds_right": _share(self.kinds_right, self.kinds),
        }

    def by_field(self) -> dict[str, float]:
        """Return F1 for each field."""
        return {
            kind: _share(2 * self.right[kind], self.wanted[kind] + self.found[kind]) for kind in sorted(self.wanted)
        }


def closest(text: str, everything: str) -> int:
    """Return the fewest letters to change so that `text` occurs somewhere in `everything` (Sellers 1980)."""
    before = [0] * (len(everything) + 1)
    for row, letter in enumerate(text, 1):
        now = [row]
        for at, other in enumerate(everything, 1):
            now.append(min(before[at] + 1, now[-1] + 1, before[at - 1] + (letter != other)))
        before = now
    return min(before)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def merged(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    total = Tally()
    for one in tallies:
        for name in ("cards", "whole", "kinds_right", "kinds", "letters", "letters_wrong", "printed", "printed_read"):
            setattr(total, name, getattr(total, name) + getattr(one, name))
        for name in ("right", "wanted", "found"):
            getattr(total, name).update(getattr(one, name))
    return total
