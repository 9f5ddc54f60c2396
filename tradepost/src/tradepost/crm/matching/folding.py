"""Folded text: names for search and comparison, without case and accents, Cyrillic and Greek as Latin letters.

It is a key and never shown: a name keeps its script and its letters (rule 33).
"""

import re
import unicodedata

# Combining classes from here on are accents and vowel points; those below change the letter (nukta, virama, dakuten).
FIRST_ACCENT = 10
# Letters that Unicode does not take apart though people type them without the stroke.
STROKES = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th",
}  # fmt: skip
# As passports and visiting cards write it (close to ICAO 9303), for Russian, Ukrainian, Belarusian, Bulgarian, Serbian,
# Macedonian and Kazakh. The signs ъ and ь have no sound.
CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
    "я": "ya", "і": "i", "ї": "yi", "є": "ye", "ґ": "g", "ў": "u", "ђ": "dj", "ј": "j", "љ": "lj", "њ": "nj",
    "ћ": "c", "џ": "dz", "ѓ": "g", "ѕ": "dz", "ќ": "k", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u",
    "ү": "u", "һ": "h",
}  # fmt: skip
LATIN = str.maketrans(CYRILLIC | STROKES)
# As ELOT 743 and passports write it, letter by letter once the accents are gone.
GREEK_PAIRS = re.compile("[οαε]υ|μπ|ντ|γγ")
GREEK = {
    "ου": "ou", "αυ": "av", "ευ": "ev", "μπ": "mp", "ντ": "nt", "γγ": "ng",
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch",
    "ψ": "ps", "ω": "o",
}  # fmt: skip
GREEK_LETTERS = str.maketrans({letter: latin for letter, latin in GREEK.items() if len(letter) == 1})
ASCII_WORD = re.compile("[a-z0-9]+")
# They join what people also write as one word: O'Brien, Д’Артаньян, В'ячеслав.
APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´ʹ")


def fold(text: str) -> str:
    """Return `text` in lower case without accents, in Latin letters ("Ёлкин, André" → "elkin, andre").

    Cyrillic and Greek are transliterated; other scripts keep their letters. Folding what is folded changes nothing.
    """
    if text.isascii():
        return text.lower()
    # Й and Ї are letters of their own: they are transliterated before Unicode takes their signs off.
    latin = unicodedata.normalize("NFKC", text).casefold().translate(LATIN)
    if latin.isascii():
        return latin
    apart = unicodedata.normalize("NFKD", latin)
    kept = "".join(letter for letter in apart if unicodedata.combining(letter) < FIRST_ACCENT)
    # What was hidden under an accent (ǿ, ѝ) is a plain letter by now.
    plain = unicodedata.normalize("NFKC", kept).casefold().translate(LATIN)
    return GREEK_PAIRS.sub(lambda pair: GREEK[pair[0]], plain).translate(GREEK_LETTERS)


def words(text: str) -> list[str]:
    """Return the folded words of `text`: runs of letters and digits; apostrophes join ("O’Brien" → "obrien")."""
    folded = fold(text.translate(APOSTROPHES))
    if folded.isascii():
        return ASCII_WORD.findall(folded)
    return "".join(letter if _is_of_a_word(letter) else " " for letter in folded).split()


def sort_key(text: str) -> str:
    """Return what names are sorted by: their folded words; equal names have equal keys."""
    return " ".join(words(text))


def _is_of_a_word(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"
