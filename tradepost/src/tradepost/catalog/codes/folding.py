"""Folded text: what is left of names and SKUs for comparison, in any script, when case and diacritics are gone."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping

LONGEST_NAME_KEY = 200
SHORTEST_WORD = 3
LONGEST_WORD = 40
# No word holds it, and pg_trgm passes over it.
CODE_SIGN = "#"
# Combining classes from here on are accents and vowel points; those below change the letter (nukta, virama, dakuten).
FIRST_ACCENT = 10
# Letters that Unicode does not take apart though people type them without the stroke.
STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"})


def fold(text: str) -> str:
    """Return `text` in lower case without diacritics, compatibility forms replaced ("Crème ﬁne" → "creme fine")."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in apart if unicodedata.combining(letter) < FIRST_ACCENT)
    return unicodedata.normalize("NFKC", kept).casefold().translate(STROKES)


def words(text: str) -> list[str]:
    """Return the folded words of `text`: runs of letters, digits and the signs that belong to letters."""
    folded = fold(text)
    if folded.isascii() and folded.isalnum():
        return [folded]
    return "".join(letter if _is_of_a_word(letter) else " " for letter in folded).split()


def vocabulary(text: str) -> set[str]:
    """Return the words of `text` that somebody may mistype: neither short nor long, and without digits."""
    return {
        word for word in words(text) if SHORTEST_WORD <= len(word) <= LONGEST_WORD and not any(map(str.isnumeric, word))
    }


def name_key(name: str) -> str:
    """Return what names are sorted by; equal names have equal keys, long ones may share theirs."""
    return " ".join(words(name))[:LONGEST_NAME_KEY]


def sku_key(sku: str | None) -> str:
    """Return what SKUs are compared by, empty for none."""
    return fold(sku.strip()) if sku else ""


def search_text(name: str, sku: str | None, barcodes: Iterable[str]) -> str:
    """Return the text that is searched: each word between spaces, and each code after the sign #.

    So beginnings of words and whole words can be found, and among them codes (" tonic # ab 12 # 5449000000996 ").
    """
    parts = words(name)
    for code in (sku, *barcodes):
        if code:
            parts += [CODE_SIGN, *words(code)]
    return " ".join(["", *parts, ""])


def options_key(options: Mapping[str, str]) -> str:
    """Return a digest (32 hex digits) of the choice of options, whatever their order; empty for none."""
    if not options:
        return ""
    text = json.dumps(sorted(options.items()), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def display_name(product: str, options: Mapping[str, str]) -> str:
    """Return the name of a variant: the product's, and the options it differs by ("T-shirt, Red / L")."""
    return f"{product}, {' / '.join(options.values())}" if options else product


def _is_of_a_word(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"
