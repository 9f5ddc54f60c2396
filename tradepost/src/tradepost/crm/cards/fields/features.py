"""What is told of a line to the model of roles: numbers about its words, its place, and the lines around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tradepost.crm.cards.fields import lexicon
from tradepost.crm.cards.fields.latin import latin, likeness
from tradepost.crm.cards.fields.places import POSTCODE
from tradepost.crm.cards.fields.segments import Segment

Row = npt.NDArray[np.float32]
WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
INITIAL: Final = re.compile(r"(?<!\w)[^\W\d_]\.(?!\w)")
# The features of a neighbour that say most about a line.
SHARED: Final = (2, 3, 10, 11, 12, 13, 14, 15, 16, 20, 22, 24, 25, 26, 28, 36)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else is known of the card: its size, the places of its contact data, and what they spell."""

    width: float
    height: float
    contacts: tuple[Segment, ...]
    mailboxes: tuple[str, ...]
    domains: tuple[str, ...]


def features_of(segments: Sequence[Segment], around: Surroundings) -> Row:
    """Return one row a line; the rows of an empty sequence are none."""
    if not segments:
        return np.zeros((0, WIDTH), dtype=np.float32)
    words = np.array([_of_words(one, around) for one in segments], dtype=np.float32)
    places = np.array([_of_place(one, segments, around) for one in segments], dtype=np.float32)
    own = np.concatenate([words, places], axis=1)
    rows = [np.concatenate([own[at], *_around(at, segments, own), _of_card(at, own)]) for at in range(len(segments))]
    return np.array(rows, dtype=np.float32)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _hits(pattern: re.Pattern[str], text: str, most: int = 2) -> float:
    return min(len(pattern.findall(text)), most) / most


def _of_words(one: Segment, around: Surroundings) -> list[float]:
    words = WORD.findall(one.text)
    return [
        *_of_shape(one.text, words),
        *_of_meaning(one.text, words),
        *_of_likeness(latin(one.text).split(), around),
        *_of_marks(one.text),
    ]


def _of_shape(text: str, words: Sequence[str]) -> list[float]:
    letters = [c for c in text if c.isalpha()]
    return [
        min(len(text.split()), 8) / 8,
        min(len(text), 60) / 60,
        _share(sum(map(str.isdigit, text)), len(text)),
        _share(sum(map(str.isupper, letters)), len(letters)),
        _share(sum(word[0].isupper() for word in words), len(words)),
        _share(sum(word.isupper() and len(word) > 1 for word in words), len(words)),
        float("," in text),
        float("&" in text or "+" in text),
        float(bool(re.search(r"[«»\"“”„]", text))),
        float("|" in text or "/" in text),
    ]


def _of_meaning(text: str, words: Sequence[str]) -> list[float]:
    titled, firm = _hits(lexicon.TITLES, text), _hits(lexicon.FIRM_WORDS, text)
    department, legal = _hits(lexicon.DEPARTMENTS, text), float(bool(lexicon.LEGAL_FORMS.search(text)))
    capital = sum(word[0].isupper() for word in words)
    is_named = 2 <= len(words) <= 4 and capital == len(words) and not re.search(r"[\d&,|/«»\"]", text)
    return [
        titled,
        float(bool(words) and any(lexicon.TITLE_ENDINGS.search(word) for word in words)),
        department,
        legal,
        firm,
        _hits(lexicon.STREETS, text, 3),
        float(bool(POSTCODE.search(text))),
        float(any(part.strip(" .").lower() in lexicon.COUNTRIES for part in text.split(","))),
        float(bool(lexicon.HONORIFICS.match(text + " "))),
        float(bool(INITIAL.search(text))),
        _hits(lexicon.SLOGANS, text),
        _share(len(lexicon.SMALL_WORDS.findall(text)), len(words)),
        float(any(lexicon.PATRONYMIC.match(word) for word in words)),
        float(any(lexicon.RUSSIAN_FAMILY.match(word) for word in words)),
        float(any(word.lower() in lexicon.GIVEN_NAMES for word in re.split(r"[\s-]", text))),
        float(is_named and not (titled or firm or department or legal)),
    ]


def _of_likeness(tokens: Sequence[str], around: Surroundings) -> list[float]:
    long = [token for token in tokens if len(token) > 2]
    starts = bool(tokens) and len(tokens[0]) > 2
    return [
        max((likeness(token, box) for token in long for box in around.mailboxes), default=0.0),
        min(sum(any(token in box for box in around.mailboxes) for token in long), 2) / 2,
        _like_domain(tokens, around.domains),
        float(starts and any(domain.startswith(tokens[0]) for domain in around.domains)),
    ]


def _of_marks(text: str) -> list[float]:
    letters = [c for c in text if c.isalpha()]
    return [
        _share(sum("\u0400" <= c <= "\u04ff" for c in letters), len(letters)),
        float(bool(re.search(r"^\d+[\s,]|\s\d+[a-zа-я]?(?:[-/]\d+)?,?$", text))),
        float(text.endswith(".")),
        float(bool(lexicon.OTHER_DATA.search(text))),
        float(bool(re.search(r"\b(?:19|20)\d\d\b", text))),
        float("-" in text),
    ]


def _like_domain(tokens: Sequence[str], domains: Sequence[str]) -> float:
    return max((likeness("".join(tokens), domain) for domain in domains), default=0.0)


def _of_place(one: Segment, segments: Sequence[Segment], around: Surroundings) -> list[float]:
    heights = [other.height for other in segments]
    usual = float(np.median(heights + [other.height for other in around.contacts]))
    centre = (one.quad.left + one.quad.right) / 2
    below = [contact.middle - one.middle for contact in around.contacts]
    nearest = min(below, key=abs, default=around.height)
    return [
        min(one.height / max(usual, 1), 4) / 2,
        one.height / max(*heights, 1),
        float(one.height >= max(heights)),
        sum(other > one.height for other in heights) / 6,
        one.middle / around.height,
        centre / around.width,
        one.quad.left / around.width,
        one.quad.width / around.width,
        min(one.quad.width / max(len(one.text) * one.height, 1), 2),
        nearest / around.height,
        float(any(abs(gap) < one.height for gap in below)),
        len(segments) / 10,
        one.confidence,
        float(around.width > around.height),
        float(bool(around.mailboxes)),
        float(bool(around.domains)),
    ]


def neighbour(at: int, segments: Sequence[Segment], *, above: bool) -> int | None:
    """Return the line next above or below in the same column, at most three of its heights away."""
    one = segments[at]
    best: tuple[float, int] | None = None
    for number, other in enumerate(segments):
        gap = one.quad.top - other.quad.bottom if above else other.quad.top - one.quad.bottom
        shared = min(one.quad.right, other.quad.right) - max(one.quad.left, other.quad.left)
        is_that_way = other.middle < one.middle if above else other.middle > one.middle
        near = gap < 3 * max(one.height, other.height)
        if number != at and is_that_way and shared > 0 and near and (best is None or gap < best[0]):
            best = (gap, number)
    return best[1] if best else None


def _around(at: int, segments: Sequence[Segment], own: Row) -> list[Row]:
    rows = []
    for above in (True, False):
        other = neighbour(at, segments, above=above)
        if other is None:
            rows.append(np.zeros(len(SHARED) + 5, dtype=np.float32))
            continue
        one, next_ = segments[at], segments[other]
        gap = one.quad.top - next_.quad.bottom if above else next_.quad.top - one.quad.bottom
        size = max(one.height, 1)
        middle = abs(one.quad.left + one.quad.right - next_.quad.left - next_.quad.right) / 2
        relation = [1.0, gap / size / 3, min(next_.height / size, 3) / 3]
        relation += [float(abs(one.quad.left - next_.quad.left) < 0.5 * size), float(middle < 0.5 * size)]
        rows.append(np.concatenate([own[other, list(SHARED)], np.array(relation, dtype=np.float32)]))
    return rows


def _of_card(at: int, own: Row) -> Row:
    """Return the best of all other lines in what only one line of a card has."""
    others = np.delete(own, at, axis=0)[:, [10, 12, 13, 14, 22, 24, 25, 26, 27, 28, 36]]
    return np.asarray(others.max(axis=0) if len(others) else np.zeros(11), dtype=np.float32)


WIDTH: Final = 36 + 16 + 2 * (len(SHARED) + 5) + 11
