"""What a contact is searched by: its words and digits, folded and put together (rule 33: a key, never shown)."""

from collections.abc import Iterable
from dataclasses import dataclass

from tradepost.crm.matching.folding import sort_key, words

# A key has to fit into an index; names that differ further on only share their place in the order.
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Searched:
    """What is known of a contact, as it is written: `names` may be mistyped in a search, `texts` have to begin alike.

    `digits` are the runs of digits that its phones may be asked for by.
    """

    name: str
    company: str
    names: tuple[str, ...]
    texts: tuple[str, ...]
    digits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchText:
    """The folded texts as they are stored; see the model `Contact`."""

    name_key: str
    company_key: str
    search: str
    alike: str


def search_text(known: Searched) -> SearchText:
    """Fold what is known of a contact; each word stands once and between spaces, so that its beginning can be found."""
    alike = _unique((known.name, known.company, *known.names))
    rest = [word for word in _unique(known.texts) if word not in set(alike)]
    return SearchText(
        name_key=sort_key(known.name)[:LONGEST_KEY],
        company_key=sort_key(known.company)[:LONGEST_KEY],
        search=_spaced((*alike, *rest, *dict.fromkeys(known.digits))),
        alike=_spaced(alike),
    )


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for text in texts for word in words(text)))


def _spaced(parts: Iterable[str]) -> str:
    return " ".join(["", *parts, ""])
