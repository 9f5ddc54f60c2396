"""Companies without their legal form: "ООО «Ромашка»", "Romashka LLC" and "Romashka" are one name."""

import re
from functools import lru_cache

from tradepost.crm.matching import vocabulary
from tradepost.crm.matching.folding import words

LEGAL_FORMS = frozenset(vocabulary.LEGAL_FORMS.split())
LINKS = frozenset({"and", "und", "et", "i", "y", "the", "der", "die", "das", "le", "la", "les", "of", "fur", "de"})
# S.A.R.L., d. o. o., G.m.b.H.; a lone letter before a name ("J. Smith") keeps its distance.
DOTTED = re.compile(r"\b(?:\w{1,3}\.\s?){2,}(?:\w{1,3}\b\.?)?")


@lru_cache(maxsize=20_000)
def core_words(company: str) -> tuple[str, ...]:
    """Return the folded words of a company's name without legal form and little words; all words if none is left."""
    found = words(DOTTED.sub(_joined, company))
    core = tuple(word for word in found if word not in LEGAL_FORMS and word not in LINKS)
    return core or tuple(found)


def _joined(found: re.Match[str]) -> str:
    together = re.sub(r"[.\s]", "", found[0])
    return f"{together} " if together.casefold() in LEGAL_FORMS or "".join(words(together)) in LEGAL_FORMS else found[0]
