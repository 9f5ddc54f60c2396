"""Which phone, address or e-mail it is, told from the types and labels that programs write, in several languages."""

from collections.abc import Iterable

from tradepost.crm.exchange.folding import fold
from tradepost.crm.exchange.record import PhoneKind, PlaceKind

# Beginnings of folded words; the first kind that fits is taken: a work fax is a fax.
_PHONE_WORDS: tuple[tuple[PhoneKind, tuple[str, ...]], ...] = (
    ("fax", ("fax", "telefax", "homefax", "workfax", "otherfax", "факс", "telecop")),
    ("pager", ("pager", "пеидж", "bip")),
    ("mobile", ("mobil", "cell", "iphone", "handy", "natel", "моб", "сотов", "portable", "gsm")),
)
_PLACE_WORDS: tuple[tuple[PlaceKind, tuple[str, ...]], ...] = (
    (
        "work",
        (
            "work",
            "business",
            "office",
            "company",
            "arbeit",
            "buro",
            "geschaft",
            "dienst",
            "firma",
            "раб",
            "офис",
            "служ",
            "travail",
            "bureau",
            "profes",
        ),
    ),
    ("home", ("home", "private", "personal", "privat", "zuhause", "дом", "личн", "domicile", "maison", "perso")),
)


def phone_kind(words: Iterable[str]) -> PhoneKind:
    """Return the kind of a phone that is described by `words`, such as the types of a vCard or a label."""
    folded = _fold(words)
    for kind, beginnings in _PHONE_WORDS:
        if any(word.startswith(beginnings) for word in folded):
            return kind
    return _place_kind(folded)


def place_kind(words: Iterable[str]) -> PlaceKind:
    """Return whether an address or e-mail that is described by `words` is that of work, of home or another."""
    return _place_kind(_fold(words))


def _place_kind(folded: list[str]) -> PlaceKind:
    for kind, beginnings in _PLACE_WORDS:
        if any(word.startswith(beginnings) for word in folded):
            return kind
    return "other"


def _fold(words: Iterable[str]) -> list[str]:
    """Return single words, without what Apple and Google put around them: `_$!<Mobile>!$_`, `* Work`."""
    return fold(" ".join(words)).split()
