"""How alike two names are: words in any order, transliterated, shortened, mistyped, or with an initial."""

from typing import Literal, NamedTuple

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler, Levenshtein

from tradepost.crm.matching.profile import Word

How = Literal["same", "spelling", "nickname", "typing", "initial"]

# Two words below this have nothing to do with each other.
PAIR = 0.7
SURE_PAIR = 0.9
SHORT_WORD = 3
TWO_KNOWN_NAMES = 0.4
INITIAL = 0.85
SAME_SOUND = 0.88
# What a word costs that only one of the names has: a patronymic, a middle name.
EXTRA_WORD = 0.02
ONE_WORD_OF_MORE = 0.8
ONLY_INITIALS = 0.3
# Jac ob Lanyon, Annemarie Meier.
WRITTEN_TOGETHER = 0.95
# From the nearest to the farthest: a pair of names is as near as its farthest words.
DISTANCE: tuple[How, ...] = ("same", "spelling", "nickname", "typing", "initial")


class NameLikeness(NamedTuple):
    """How alike two names are, 0 to 1; by what the least alike words were found equal; how many words agreed.

    `given_only`: the first names agree and the family names do not.
    """

    similarity: float
    how: How = "same"
    words: int = 0
    given_only: bool = False


def compare_words(one: Word, other: Word) -> tuple[float, How]:
    """Return how alike two words of names are, 0 to 1, and by what."""
    if one.german == other.german:
        return _same_but_spelling(one, other)
    if one.formal & other.formal:
        return 0.95, "nickname"
    if _is_initial(one) or _is_initial(other):
        return (INITIAL if one.plain[:1] == other.plain[:1] else 0.0), "initial"
    if one.formal and other.formal:
        return TWO_KNOWN_NAMES, "typing"
    return _by_letters(one, other), "typing"


def _same_but_spelling(one: Word, other: Word) -> tuple[float, How]:
    if one.folded == other.folded:
        return 1.0, "initial" if _is_initial(one) else "same"
    return (0.98 if one.plain == other.plain else 0.97), "spelling"


def _is_initial(word: Word) -> bool:
    # One sign of another script may be a whole name (李明); of doubled letters one is left in `plain` (Aa, Bb).
    return len(word.plain) == len(word.folded) == 1 and word.plain.isascii()


def _by_letters(one: Word, other: Word) -> float:
    if min(len(one.plain), len(other.plain)) < SHORT_WORD:
        return 0.0
    # Its matching is greedy, hence the order.
    winkler = JaroWinkler.similarity(min(one.plain, other.plain), max(one.plain, other.plain), score_cutoff=0.6)
    if not winkler:
        return 0.0
    typed = DamerauLevenshtein.normalized_similarity(one.plain, other.plain)
    sounds = SAME_SOUND if len(one.skeletons[0]) > 1 and set(one.skeletons) & set(other.skeletons) else 0.0
    return max((winkler + typed) / 2, sounds)


def compare_names(one: tuple[Word, ...], other: tuple[Word, ...]) -> NameLikeness:
    """Return how alike two names are; the words may stand in any order, and one name may have more of them.

    Words that are left over on both sides (Ivan Petrov, Sergey Petrov) make the names different.
    """
    if one == other:
        return NameLikeness(1.0, "same", len(one))
    if len(one) != len(other) and _written_together(one, other):
        return NameLikeness(WRITTEN_TOGETHER, "typing", min(len(one), len(other)))
    pairs = _pair(one, other)
    if not pairs:
        return NameLikeness(0.0)
    how = max((pair.how for pair in pairs), key=DISTANCE.index)
    alike = [pair.likeness for pair in pairs]
    full = sum(pair.how != "initial" for pair in pairs)
    left = len(one) - len(pairs), len(other) - len(pairs)
    mean = sum(alike) / len(alike)
    if not full:
        return NameLikeness(ONLY_INITIALS * mean, how)
    if min(left):
        given = all(one[pair.place].is_given and other[pair.their_place].is_given for pair in pairs)
        return NameLikeness(mean * len(pairs) / max(len(one), len(other)), how, full, given and min(alike) >= SURE_PAIR)
    whole = (mean + min(alike)) / 2 - EXTRA_WORD * max(left)
    return NameLikeness(min(whole, ONE_WORD_OF_MORE) if max(left) and len(pairs) == 1 else whole, how, full)


def _written_together(one: tuple[Word, ...], other: tuple[Word, ...]) -> bool:
    mine, theirs = "".join(word.folded for word in one), "".join(word.folded for word in other)
    return Levenshtein.normalized_similarity(mine, theirs, score_cutoff=WRITTEN_TOGETHER) > 0


class Pair(NamedTuple):
    """Two words that may belong together, by their places in the two names; sorts from the most alike."""

    likeness: float
    nearness: int
    place: int
    their_place: int
    how: How


def _pair(one: tuple[Word, ...], other: tuple[Word, ...]) -> list[Pair]:
    """Return the words that belong together, the most alike paired first, then those in like places."""
    found = [
        Pair(likeness, -abs(place - their_place), place, their_place, how)
        for place, word in enumerate(one)
        for their_place, their in enumerate(other)
        for likeness, how in (compare_words(word, their),)
        if likeness >= PAIR
    ]
    if len(found) > 1:
        found.sort(reverse=True)
    taken: set[int] = set()
    theirs: set[int] = set()
    pairs: list[Pair] = []
    for pair in found:
        if pair.place not in taken and pair.their_place not in theirs:
            taken.add(pair.place)
            theirs.add(pair.their_place)
            pairs.append(pair)
    return pairs
