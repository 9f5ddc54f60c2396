"""Tells the language of a card from its letters, words and countries."""

import re
from collections.abc import Iterable
from typing import Final

CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
LEAST_CYRILLIC: Final = 0.15
# Letters; words of firms and sentences; words of places, ranks and labels; numbers and endings of the net.
CLUES: Final = {
    "de": (
        r"[äöüß]",
        r"(?<!\w)(?:gmbh|ag|kg|ohg|ug|und|für|der|die|das|seit)(?!\w)",
        r"\w(?:straße|strasse|str\.|weg|gasse|platz|allee|ring|chaussee)(?!\w)",
        r"(?<!\w)(?:telefon|mobil|büro|geschäftsführ\w*|leiter\w*)(?!\w)",
        r"\+49|\+43|\.de\b|\.at\b|deutschland",
    ),
    "fr": (
        r"[éèêëçàâîôûœ]",
        r"(?<!\w)(?:sarl|sas|sa|eurl|et|de|du|des|la|le|les|à|votre|depuis)(?!\w)",
        r"(?<!\w)(?:rue|avenue de|boulevard|chemin|place|impasse|cedex)(?!\w)",
        r"(?<!\w)(?:tél|courriel|portable|fixe|télécopie|directeur|directrice|responsable)(?!\w)",
        r"\+33|\.fr\b|france",
    ),
    "en": (
        r"(?<!\w)(?:and|of|the|for|your|since)(?!\w)",
        r"(?<!\w)(?:ltd|llc|inc|plc|llp|corp)(?!\w)",
        r"(?<!\w)(?:street|road|avenue|lane|drive|suite|apt)(?!\w)",
        r"(?<!\w)(?:manager|director|officer|engineer|phone|cell|mobile|office)(?!\w)",
        r"\+1\b|\+44|\.uk\b|\.us\b|united kingdom|(?<!\w)usa(?!\w)|\b[A-Z]{2} \d{5}\b",
    ),
}


def language_of(texts: Iterable[str]) -> str:
    """Return `ru`, `de`, `fr` or `en` by most clues (BCP 47), or nothing where there are none."""
    text = "\n".join(texts)
    letters = sum(map(str.isalpha, text))
    if letters and len(CYRILLIC.findall(text)) > LEAST_CYRILLIC * letters:
        return "ru"
    scores = {
        language: sum(min(len(re.findall(clue, text, re.IGNORECASE)), 3) for clue in clues)
        for language, clues in CLUES.items()
    }
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] else ""
