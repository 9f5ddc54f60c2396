"""What the parts of two contacts say for or against their being the same, in points: logarithms of odds, base 2."""

from collections.abc import Iterator

from rapidfuzz.distance import JaroWinkler, Levenshtein

from tradepost.crm.matching.names import NameLikeness, compare_names
from tradepost.crm.matching.places import Place
from tradepost.crm.matching.profile import Profile
from tradepost.crm.matching.reasons import Code, Reason

# Names at least this alike, and what that weighs.
NAME_POINTS = ((0.97, 7.0), (0.93, 6.0), (0.88, 4.5), (0.8, 2.5), (0.75, 1.5), (0.7, 0.5), (0.55, -4.0), (0.0, -8.0))
NAME_SAME = 0.999
NAME_DIFFERENT = 0.7
# "Anna" alone says less than "Anna Petrova".
ONE_WORD_POINTS = 3.0
# Who marries keeps the first name; with a number or a home in common it is worth a look.
GIVEN_ONLY_POINTS = 1.0
SIMILAR_STREET = 0.88
SIMILAR_CITY = 0.9
SIMILAR_COMPANY = 0.9
SAME_WHOLE = 0.9
SIMILAR_WHOLE = 0.8


def name_reason(one: Profile, other: Profile, likeness: NameLikeness) -> Reason:
    """Return what the names say."""
    points = next(points for least, points in NAME_POINTS if likeness.similarity >= least)
    if likeness.words == 1 and "person" in {one.kind, other.kind}:
        points = min(points, ONE_WORD_POINTS)
    code: Code = "name_similar"
    if likeness.given_only:
        return Reason("given_name_same", GIVEN_ONLY_POINTS, similarity=round(likeness.similarity, 2), how=likeness.how)
    if likeness.similarity >= NAME_SAME:
        code = "name_same"
    elif likeness.similarity < NAME_DIFFERENT:
        code = "name_different"
    return Reason(
        code, points, similarity=round(likeness.similarity, 2), how=likeness.how,
        transliterated=one.script != other.script and code != "name_different",
    )  # fmt: skip


def phone_reasons(one: Profile, other: Profile) -> Iterator[Reason]:
    """Yield what the numbers say: a mobile is one person's, a landline a company's."""
    mobile = one.kind == other.kind == "person"
    mine, theirs = one.mobiles | one.landlines, other.mobiles | other.landlines
    if same := mine & theirs:
        shared = same & (one.mobiles | other.mobiles)
        if shared and mobile:
            yield Reason("same_mobile", 8.0, min(shared))
        else:
            yield Reason("same_phone", 4.0 if mobile else 6.0, min(same))
    elif endings := (one.loose & other.endings) | (other.loose & one.endings):
        yield Reason("same_phone_ending", 3.0, min(endings))
    elif mobile and one.mobiles and other.mobiles:
        yield Reason("different_mobile", -1.5)


def web_reasons(one: Profile, other: Profile) -> Iterator[Reason]:
    """Yield what addresses and domains say: `info@` is everybody's, a domain of their own is a company's."""
    both_people = one.kind == other.kind == "person"
    if same := one.emails & other.emails:
        yield Reason("same_email", 9.0, min(same))
    elif shared := one.shared_emails & other.shared_emails:
        yield Reason("same_shared_email", 3.0 if both_people else 6.0, min(shared))
    elif both_people and one.domains & other.domains and _domains(one.emails) & _domains(other.emails):
        yield Reason("different_email", -2.0)
    if domains := one.domains & other.domains:
        yield Reason("same_website", 1.0 if both_people else 4.0, min(domains))


def _domains(emails: frozenset[str]) -> set[str]:
    return {email.rpartition("@")[2] for email in emails}


def work_reasons(one: Profile, other: Profile) -> Iterator[Reason]:
    """Yield what company and title say; people change both."""
    if one.company and other.company:
        likeness = compare_companies(one.company, other.company)
        value = " ".join(min(one.company, other.company))
        if likeness >= NAME_SAME:
            yield Reason("same_company", 2.5, value)
        elif likeness >= SIMILAR_COMPANY:
            yield Reason("similar_company", 1.5, value, round(likeness, 2))
        else:
            yield Reason("different_company", -1.5)
    if one.title and one.title == other.title:
        yield Reason("same_title", 0.5, one.title)


def compare_companies(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how alike two companies' core words are, 0 to 1, whatever their order."""
    if sorted(one) == sorted(other):
        return 1.0
    return min(_alike(" ".join(sorted(one)), " ".join(sorted(other))), NAME_SAME - 0.01)


def life_reasons(one: Profile, other: Profile) -> Iterator[Reason]:
    """Yield what a birthday, and junior or senior, say."""
    if one.birthday and other.birthday:
        same = one.birthday == other.birthday
        yield Reason("same_birthday", 3.0, one.birthday) if same else Reason("different_birthday", -6.0)
    if one.suffix != other.suffix and one.suffix and other.suffix:
        yield Reason("different_suffix", -6.0)


def place_reasons(one: Profile, other: Profile) -> Iterator[Reason]:
    """Yield what the nearest two of the addresses say."""
    found = [_compare_places(mine, theirs) for mine in one.places for theirs in other.places]
    if found:
        yield max(found, key=lambda reason: (reason.points, reason.value))


def _compare_places(one: Place, other: Place) -> Reason:
    street = _alike(one.street, other.street) >= SIMILAR_STREET
    number = bool(one.number) and one.number == other.number
    code = bool(one.postcode) and one.postcode == other.postcode
    city = _alike(one.city, other.city) >= SIMILAR_CITY
    whole = Levenshtein.normalized_similarity(one.whole, other.whole)
    value = " ".join(filter(None, min((one.street, one.number, one.city), (other.street, other.number, other.city))))
    if number and (whole >= SAME_WHOLE or (street and (code or city))):
        return Reason("same_address", 6.0, value)
    if whole >= SIMILAR_WHOLE or (street and (code or city)):
        return Reason("similar_address", 4.0, value)
    if number and (street or (code and city)):
        return Reason("similar_address", 3.5, value)
    if city or code:
        return Reason("same_city", 1.0 if city and code else 0.5, min(one.city, other.city))
    return Reason("different_address", -1.0)


def _alike(one: str, other: str) -> float:
    # Its matching is greedy, hence the order.
    return JaroWinkler.similarity(min(one, other), max(one, other)) if one and other else 0.0


def name_likeness(one: Profile, other: Profile) -> NameLikeness | None:
    """Return how alike the names are; None when one has none."""
    if not (one.name and other.name):
        return None
    if one.name_order <= other.name_order:
        return compare_names(one.name, other.name)
    return compare_names(other.name, one.name)
