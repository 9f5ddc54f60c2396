"""Whether two contacts are the same person or company: the evidence added up, with reasons a person can read.

The sum is a logarithm of odds as in Fellegi and Sunter (1969); the weights are estimates, held by the regression tests.
"""

from collections.abc import Iterator

from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.matching.evidence import (
    NAME_DIFFERENT,
    life_reasons,
    name_likeness,
    name_reason,
    phone_reasons,
    place_reasons,
    web_reasons,
    work_reasons,
)
from tradepost.crm.matching.names import NameLikeness
from tradepost.crm.matching.profile import Profile, profile
from tradepost.crm.matching.reasons import Match, Reason, Verdict

CERTAIN = 0.95
LIKELY = 0.5
# Points before any evidence: most pairs that share a key are different people. An equal name alone is just likely.
PRIOR = -6.5
# Colleagues and families share numbers, addresses and mailboxes.
MOST_FOR_COLLEAGUES = 0.2
MOST_FOR_OTHER_NAMES = 0.6
MOST_FOR_OTHER_KIND = 0.6
# M. Feldstein and Martina Möllstein in one office are two people; elsewhere they may be one with a slip of the pen.
COLLEAGUES_DIFFERENT = 0.8
# A name that is only about the same makes nobody certain without a number or an address of their own.
SURE_NAME = 0.93
MOST_FOR_UNSURE_NAMES = 0.94
WORKPLACE = frozenset({"same_company", "similar_company", "same_website", "same_shared_email"})
OFFICE = WORKPLACE | {"same_phone", "same_phone_ending", "same_address"}
PERSONAL = frozenset({"same_mobile", "same_email"})
SURE = PERSONAL | {"same_birthday"}


def score(one: ContactRecord, other: ContactRecord) -> Match:
    """Return whether two contacts are the same; the order of the two does not matter."""
    return compare(profile(one), profile(other))


def compare(one: Profile, other: Profile) -> Match:
    """Return whether two profiles are of the same person or company, as `score` does."""
    if one == other and not one.is_empty:
        return Match(1.0, "certain", (Reason("identical", 99.0),))
    likeness = name_likeness(one, other)
    reasons = list(_evidence(one, other, likeness))
    most = _most(reasons, likeness)
    if most == MOST_FOR_COLLEAGUES and any(reason.code in OFFICE for reason in reasons):
        reasons.append(Reason("different_person_same_office", -8.0))
    total = PRIOR + sum(sorted(reason.points for reason in reasons))
    result = min(most, 1 / (1 + 2**-total))
    reasons.sort(key=lambda reason: (-abs(reason.points), reason.code))
    return Match(round(result, 4), verdict(result), tuple(reasons))


def verdict(result: float) -> Verdict:
    """Return what a score means: `certain` may be taken as one, `likely` is for a person to decide."""
    if result >= CERTAIN:
        return "certain"
    return "likely" if result >= LIKELY else "unlikely"


def _evidence(one: Profile, other: Profile, likeness: NameLikeness | None) -> Iterator[Reason]:
    if likeness is not None:
        yield name_reason(one, other, likeness)
    if one.kind != other.kind:
        yield Reason("different_kind", -1.0)
    for find in (phone_reasons, web_reasons, work_reasons, life_reasons, place_reasons):
        yield from find(one, other)


def _most(reasons: list[Reason], likeness: NameLikeness | None) -> float:
    """Return the highest score that the names allow."""
    codes = {reason.code for reason in reasons}
    least = COLLEAGUES_DIFFERENT if codes & WORKPLACE else NAME_DIFFERENT
    if likeness is None or likeness.similarity >= least:
        if "different_kind" in codes:
            return MOST_FOR_OTHER_KIND
        sure = likeness is None or likeness.similarity >= SURE_NAME or codes & SURE
        return 1.0 if sure else MOST_FOR_UNSURE_NAMES
    at_home = likeness.given_only and not codes & WORKPLACE
    return MOST_FOR_OTHER_NAMES if at_home or codes & PERSONAL else MOST_FOR_COLLEAGUES
