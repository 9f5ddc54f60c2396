"""Latin letters for comparing: what a name or a firm looks like in an e-mail address or a domain."""

import re
import unicodedata
from typing import Final

SOUNDS: Final = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh sch - y - e yu ya"
CYRILLIC: Final = {
    letter: sound.strip("-") for letter, sound in zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", SOUNDS.split(), strict=True)
}
LATIN: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l"}
LETTERS: Final = str.maketrans({**CYRILLIC, **LATIN})


def latin(text: str) -> str:
    """Return the text in a to z and digits, other characters as single spaces."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(LETTERS))
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def likeness(one: str, other: str) -> float:
    """Return how much of the shorter text the longest common run covers, 0 to 1; both in Latin letters, no spaces."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) < 2:
        return 0.0
    for size in range(len(one), 1, -1):
        if any(one[at : at + size] in other for at in range(len(one) - size + 1)):
            return size / len(one)
    return 0.0
