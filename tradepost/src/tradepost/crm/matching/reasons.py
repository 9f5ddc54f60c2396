"""Why two contacts may be the same: stable codes and parameters, which the web app puts into words."""

from typing import Literal, NamedTuple

from tradepost.crm.matching.names import How

Code = Literal[
    "identical",
    "name_same",
    "name_similar",
    "name_different",
    "given_name_same",
    "same_mobile",
    "same_phone",
    "same_phone_ending",
    "different_mobile",
    "same_email",
    "same_shared_email",
    "different_email",
    "same_website",
    "same_company",
    "similar_company",
    "different_company",
    "same_title",
    "same_address",
    "similar_address",
    "same_city",
    "different_address",
    "same_birthday",
    "different_birthday",
    "different_suffix",
    "different_kind",
    "different_person_same_office",
]
Verdict = Literal["certain", "likely", "unlikely"]


class Reason(NamedTuple):
    """One thing that speaks for the same (`points` above 0) or against it.

    `value` is what both have, in normal form; `similarity` is 0 to 1; `how` says by what names were found alike, and
    `transliterated` whether that took another script.
    """

    code: Code
    points: float = 0.0
    value: str = ""
    similarity: float | None = None
    how: How | None = None
    transliterated: bool = False


class Match(NamedTuple):
    """Whether two contacts are the same: 0 to 1, what that means, and why, the weightiest reason first."""

    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]
