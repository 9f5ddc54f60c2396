"""What a list of contacts selects: all of them or those that fit, from a place in the order on."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import StringConstraints

from mainstay.db.grammar import Asked, Filter, Grammar, Order, Parameters, both
from tradepost.crm.codes.phone import digits
from tradepost.crm.matching.folding import words
from tradepost.crm.repository import reaching
from tradepost.crm.schemas import ContactKind, Missing, Owner, Source

ENTITY = "crm.contact"
# More words than this add nothing to a search.
MOST_WORDS = 8
# Of what is merely alike nobody wants more.
# Words that find so many are not helped by what is merely alike.
ENOUGH = 50
MOST_ALIKE = 200
SHORTEST_ALIKE = 3
# So many digits are looked for anywhere in a number: people know its end.
SHORTEST_NUMBER = 4
# Follows every text that begins alike.
ENDING = "\U0010ffff"
_IS_NUMBER = re.compile(r"[\d\s()+./-]+")
# From here on are scripts that are written without spaces; a word of theirs is a part of a phrase. Thai as well.
FIRST_OF_THE_EAST = "\u2e80"
THAI = ("\u0e00", "\u0e7f")


# Keys whose values are called otherwise in `Wanted`.
_FIELDS = {"tag": "tag_id", "group": "group_id"}
_BY_NAME_KEY = ("name_key", "text")
ORDERS = both(
    name=Order((_BY_NAME_KEY,)),
    updated_at=Order((("updated_at", "timestamptz"),)),
    created_at=Order((("created_at", "timestamptz"),)),
) | {"company": Order((("(company_key = '')", "boolean"), ("company_key", "text"), _BY_NAME_KEY))}
BEST_FIRST = Order((("rank", "integer"), ("distance", "integer"), _BY_NAME_KEY))
# Its statement is put together below.
CONTACTS = Grammar(
    "",
    ORDERS,
    "name",
    {
        "q": Filter(
            Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)],
            about="Fits anything that is known, in any script; typing errors are forgiven",
        ),
        "kind": Filter(ContactKind),
        "tag": Filter(UUID, about="The contact has this tag"),
        "group": Filter(UUID, about="The contact is in this group"),
        "company_id": Filter(UUID, about="The people of this company"),
        "source": Filter(Source),
        "missing": Filter(Missing, about="What the contact lacks"),
        "archived": Filter(bool, about="Those that were put away, instead of the others"),
        "owner": Filter(Owner, about="Of this person, of whoever asks, or of the house"),
    },
    unsorted="the best fit comes first, or the name decides",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to hold: `q` fits anything that is known of a contact; without `sort` the best fit decides.

    `missing` names what a contact lacks, `owner` whose contacts they are; without `archived` only those that were not
    put away are listed. With `ids` it holds those contacts, whether they were put away or not, and nothing else counts
    but the order.
    """

    q: str = ""
    sort: str | None = None
    kind: ContactKind | None = None
    tag_id: UUID | None = None
    group_id: UUID | None = None
    company_id: UUID | None = None
    source: Source | None = None
    missing: Missing | None = None
    archived: bool = False
    owner: Owner | None = None
    ids: tuple[UUID, ...] = ()

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """Return what a caller asks for."""
        given: dict[str, Any] = {_FIELDS.get(key, key): value for key, _, value in asked.conditions}
        return cls(sort=asked.sort, **given)

    @property
    def order(self) -> Order:
        """Return what the list is sorted by."""
        if self.sort is None and self.q:
            return BEST_FIRST
        return ORDERS[self.sort or "name"]


@dataclass(frozen=True, slots=True)
class Sight:
    """What whoever asks sees: what is personal, and the contacts of these owners, None those of everybody.

    `own_id` is the person who asks.
    """

    sees_personal: bool = True
    owners: tuple[UUID, ...] | None = None
    own_id: UUID | None = None


WHOLE = Sight()


@dataclass(frozen=True, slots=True)
class Selection:
    """The parts of a statement that lists contacts: `rows` are the contacts of the page, and one too many.

    `keys` say where a row stands in the order; `total` is the number of all that fit.
    """

    definition: str
    rows: str
    total: str
    order: Order
    parameters: Parameters


def select(wanted: Wanted, after: tuple[str, ...] | None, limit: int, sight: Sight) -> Selection:
    """Return the parts of a statement for the page of at most `limit` contacts after the place `after`.

    Who does not see what is personal finds by names and companies alone.

    What is merely alike is left out where words find enough, however long the page is: lists, their pages and files of
    them hold the same.
    """
    parameters = Parameters()
    filters = " AND ".join((*_filters(wanted, sight, parameters), *_reached(sight, parameters)))
    page = f"{wanted.order.beyond(after, parameters)} ORDER BY {wanted.order.clause} LIMIT {limit + 1}"
    if not wanted.q:
        source = "FROM crm_contact AS contact"
        rows = f"SELECT contact.* {source} WHERE {filters} AND {page}"
        total = f"SELECT count(*) {source} WHERE {filters}"
        return Selection("", rows, total, wanted.order, parameters)
    find = _found if sight.sees_personal else _found_by_name
    definition = find(wanted, filters, parameters)
    return Selection(definition, _PICKED.format(page=page), _COUNTED, wanted.order, parameters)


_MISSING: dict[Missing, str] = {
    "phone": "NOT contact.has_phone",
    "email": "NOT contact.has_email",
    "company": "contact.kind = 'person' AND contact.company_id IS NULL AND contact.company_name IS NULL",
}
_HAS_TAG = f"""
contact.id IN (
    SELECT entity_id FROM tagging_tagged WHERE entity = '{ENTITY}' AND kind = '{{kind}}' AND tag_id = {{tag}}
)
"""  # noqa: S608  put together from constants
_PICKED = """
SELECT contact.*, picked.rank, picked.distance
FROM (SELECT * FROM found WHERE {page}) AS picked
JOIN crm_contact AS contact USING (id)
"""
_COUNTED = "SELECT count(*) FROM found"
_KEYS = "contact.id, contact.name_key, contact.company_key, contact.updated_at, contact.created_at"
_HITS = f"""
WITH hits AS MATERIALIZED (
    SELECT {_KEYS}, {{rank}} AS rank, 0 AS distance FROM crm_contact AS contact WHERE {{fits}} AND {{filters}}
),
"""  # noqa: S608  put together from constants
_RANK = "CASE WHEN contact.name_key LIKE {begins} THEN 0 WHEN contact.alike LIKE {within} THEN 1 ELSE 2 END"
_BY_NAME = "CASE WHEN contact.name_key LIKE {begins} THEN 0 ELSE 2 END"
_HITS_ALONE = "found AS (SELECT * FROM hits)"
# What is merely alike is looked for when the words themselves do not fill the page.
_HITS_AND_ALIKE = f"""
likely AS MATERIALIZED (
    SELECT {_KEYS}, 3 AS rank, likely.distance
    FROM crm_alike({{words}}, {{most}}) AS likely JOIN crm_contact AS contact USING (id)
    WHERE (SELECT count(*) FROM hits) < {{limit}} AND {{filters}}
        AND NOT EXISTS (SELECT FROM hits WHERE hits.id = contact.id)
),
found AS (SELECT * FROM hits UNION ALL SELECT * FROM likely)
"""  # noqa: S608  put together from constants


def _reached(sight: Sight, parameters: Parameters) -> list[str]:
    """Return the condition that contacts are in reach; none for those who reach them all."""
    condition, values = reaching.belongs_to("contact.owner_id", sight.owners, len(parameters.values) + 1)
    parameters.values += values
    return [condition.removeprefix("AND ")] if condition else []


def _filters(wanted: Wanted, sight: Sight, parameters: Parameters) -> list[str]:
    if wanted.ids:
        return [f"contact.id = ANY ({parameters.add(list(wanted.ids))}::uuid[])", "contact.merged_into IS NULL"]
    # What was merged is put away, and listed nowhere: it leads to the survivor.
    away = "contact.archived_at IS NOT NULL AND contact.merged_into IS NULL"
    conditions = [away if wanted.archived else "contact.archived_at IS NULL"]
    for column in ("kind", "company_id", "source"):
        value: object = getattr(wanted, column)
        if value is not None:
            conditions.append(f"contact.{column} = {parameters.add(value)}")
    for kind, tag_id in (("tag", wanted.tag_id), ("group", wanted.group_id)):
        if tag_id is not None:
            conditions.append(_HAS_TAG.format(kind=kind, tag=parameters.add(tag_id)))
    if wanted.missing is not None:
        conditions.append(_MISSING[wanted.missing])
    if wanted.owner == "house":
        conditions.append("contact.owner_id IS NULL")
    elif wanted.owner is not None:
        whose = (sight.own_id or reaching.NOBODY) if wanted.owner == "me" else wanted.owner
        conditions.append(f"contact.owner_id = {parameters.add(whose)}")
    return conditions


def _found(wanted: Wanted, filters: str, parameters: Parameters) -> str:
    """Return what fits: beginnings of names first, then other words, then, where those are few, what is alike."""
    parts = asked_words(wanted.q)
    text = " ".join(parts)
    definition = _HITS.format(rank=_rank(wanted, text, parameters), fits=_fits(parts, parameters), filters=filters)
    if wanted.sort is not None or len(text) < SHORTEST_ALIKE:
        return definition + _HITS_ALONE
    return definition + _HITS_AND_ALIKE.format(
        words=parameters.add(parts), most=MOST_ALIKE, limit=ENOUGH, filters=filters
    )


def _found_by_name(wanted: Wanted, filters: str, parameters: Parameters) -> str:
    """Return what fits by its name or company alone; the index of all words only narrows down where to look."""
    parts = asked_words(wanted.q)
    named = [f"contact.{key} LIKE {{{place}}}" for key in ("name_key", "company_key") for place in ("begins", "within")]
    fits = [_fits(parts, parameters)]
    for part in parts:
        places = {"begins": parameters.add(f"{part}%"), "within": parameters.add(f"% {part}%")}
        fits.append(f"({' OR '.join(named).format(**places)})")
    rank = _BY_NAME.format(begins=parameters.add(f"{' '.join(parts)}%")) if wanted.sort is None else "2"
    return _HITS.format(rank=rank, fits=" AND ".join(fits), filters=filters) + _HITS_ALONE


def asked_words(q: str) -> list[str]:
    """Return the folded words that a search asks for; what reads as a phone number is one word of digits.

    Zeros at its beginning are left out: they stand for a country or a region that is stored in other signs.
    """
    number = digits(q).lstrip("0") if _IS_NUMBER.fullmatch(q) else ""
    return [number] if len(number) >= SHORTEST_NUMBER else words(q)[:MOST_WORDS]


def _rank(wanted: Wanted, text: str, parameters: Parameters) -> str:
    """Return how well a hit fits, where that decides the order."""
    if wanted.sort is not None:
        return "2"
    return _RANK.format(begins=parameters.add(f"{text}%"), within=parameters.add(f"% {text}%"))


def _fits(parts: list[str], parameters: Parameters) -> str:
    """Return the condition that each word begins a word of the contact; one letter has to begin its name."""
    if not parts:
        return "false"
    if len(parts) == 1 and len(parts[0]) == 1 and not _is_part(parts[0]):
        beginning, end = parameters.add(parts[0]), parameters.add(parts[0] + ENDING)
        return f"contact.name_key >= {beginning} AND contact.name_key < {end}"
    return " AND ".join(
        f"contact.search LIKE {parameters.add(f'%{part}%' if _is_part(part) else f'% {part}%')}" for part in parts
    )


def _is_part(word: str) -> bool:
    """Say whether a word is looked for inside of others: digits of a number, and phrases without spaces."""
    if word.isdigit():
        return len(word) >= SHORTEST_NUMBER
    return any(letter >= FIRST_OF_THE_EAST or THAI[0] <= letter <= THAI[1] for letter in word)
