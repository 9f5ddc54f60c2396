"""Many spellings of one name: transliterations, doubled letters and umlauts brought to one form, and how it sounds."""

import re
from functools import lru_cache

from tradepost.crm.matching.folding import fold

# What English, German, French and Polish writers make of one sound, longest first. Passports, cards and address books
# spell the same Щербаков as Shcherbakov, Schtscherbakow, Chtcherbakov and Scherbakov.
SOUNDS = {
    "schtsch": "sh", "shtsh": "sh", "chtch": "sh", "shch": "sh", "sch": "sh", "stsh": "sh",
    "tsch": "ch", "tch": "ch", "cz": "ch", "sz": "sh",
    "kh": "h", "ph": "f", "th": "t", "ck": "k", "x": "ks", "w": "v", "q": "k",
    "yo": "e", "ts": "z", "tz": "z", "cv": "zv", "cw": "zv", "dj": "i", "y": "i", "j": "i",
    "ca": "ka", "co": "ko", "cu": "ku", "cl": "kl", "cr": "kr", "ct": "kt",
}  # fmt: skip
SOUND = re.compile("|".join(sorted(SOUNDS, key=lambda letters: (-len(letters), letters))))
TWICE = re.compile(r"(.)\1+")
UMLAUTS = re.compile(r"(?<=[aou])e(?![aeiou])")
# Letters that are mistaken for one another share one; vowels and h are not written.
SKELETON = str.maketrans("zfdgqcb", "svtkkkp", "aeiouh")
SKELETON_LETTERS = 8


@lru_cache(maxsize=50_000)
def plain(word: str) -> str:
    """Return one spelling for the many of a folded or written word ("Yuliya", "Julija", "Юлия" → "iulia")."""
    sounds = SOUND.sub(lambda found: SOUNDS[found[0]], fold(word))
    once = TWICE.sub(r"\1", sounds)
    # Jewgeni, Yevgeny and Evgeny; Jelena and Elena.
    return once[1:] if once.startswith("ie") else once


@lru_cache(maxsize=50_000)
def without_umlauts(word: str) -> str:
    """Return the plain spelling with ae, oe, ue as a, o, u: the second key of German names ("Mueller" = "Müller").

    It is beside `plain` and not in its place, so that Bauer and Baur can still be told apart.
    """
    return UMLAUTS.sub("", plain(word))


@lru_cache(maxsize=50_000)
def skeletons(word: str) -> tuple[str, ...]:
    """Return how a word sounds, by its consonants ("Shcherbakova" → "srpkv"); two answers where ch may be k."""
    spelling = plain(word)
    spellings = [spelling, spelling.replace("ch", "k")] if "ch" in spelling else [spelling]
    return tuple(_skeleton(one) for one in spellings)


def _skeleton(spelling: str) -> str:
    sounds = spelling.replace("sh", "s").replace("ch", "s").replace("zh", "s")
    bones = TWICE.sub(r"\1", sounds.translate(SKELETON))
    first = "a" if sounds[:1] in {"a", "e", "i", "o", "u"} else ""
    return (first + bones)[:SKELETON_LETTERS]
