"""Lists of contacts: one statement a page, however long, with the number of all that fit."""

from dataclasses import dataclass
from uuid import UUID

from mainstay.db.query import decode_cursor, encode_cursor
from mainstay.work import Actor, Row, UnitOfWork
from tradepost.crm.repository import personal, reaching
from tradepost.crm.repository.search import WHOLE, Sight, Wanted, select

_SHOWN = """
    contact.id, contact.kind, contact.name, contact.title, contact.company_id,
    coalesce(company.name, contact.company_name) AS company_name, {personal}, contact.source,
    contact.owner_id, contact.version, contact.archived_at, contact.created_at,
    contact.updated_at
"""
_JOINED = "LEFT JOIN crm_contact AS company ON company.id = contact.company_id"
_PERSONAL = "phone.written AS phone, phone.e164 AS phone_e164, email.address AS email"
_HIDDEN = "NULL AS phone, NULL AS phone_e164, NULL AS email"
_PERSONAL_JOINED = """
LEFT JOIN crm_phone AS phone ON phone.contact_id = contact.id AND phone.position = 0
LEFT JOIN crm_email AS email ON email.contact_id = contact.id AND email.position = 0
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of contacts without their tags, the cursor of the next one, and how many fit in all."""

    rows: list[Row]
    next_cursor: str | None
    total: int


def sight_of(actor: Actor) -> Sight:
    """Return what of a list the actor sees."""
    return Sight(personal.is_seen(actor), reaching.owners(actor), actor.id)


async def page(uow: UnitOfWork, wanted: Wanted, cursor: str | None, limit: int) -> Page:
    """Return a page of at most `limit` contacts after `cursor`. Raises NotAllowed."""
    after = decode_cursor(cursor, len(wanted.order.columns)) if cursor is not None else None
    personal.demand_list(uow.actor, wanted)
    sql, values = page_statement(wanted, after, limit, sight_of(uow.actor))
    rows = await uow.read(sql, *values)
    total: int = rows[0]["total"]
    found = [row for row in rows if row["id"] is not None]
    following = encode_cursor(*found[limit - 1]["place"]) if len(found) > limit else None
    return Page(found[:limit], following, total)


def page_statement(
    wanted: Wanted, after: tuple[str, ...] | None, limit: int, sight: Sight = WHOLE
) -> tuple[str, list[object]]:
    """Return the SQL and the parameters of a page: its rows and one too many, or a row of nulls, all with the total."""
    chosen = select(wanted, after, limit, sight)
    shown = _SHOWN.format(personal=_PERSONAL if sight.sees_personal else _HIDDEN)
    joined = _JOINED + (_PERSONAL_JOINED if sight.sees_personal else "")
    keys = [f"contact.{key}" if key.isidentifier() else key.replace("(", "(contact.") for key in chosen.order.columns]
    direction = " DESC" if chosen.order.is_descending else ""
    place = ", ".join(f"{key}::text" for key in keys)
    sql = f"""
{chosen.definition}
SELECT every.total, listed.*
FROM ({chosen.total}) AS every (total)
LEFT JOIN LATERAL (
    SELECT {shown}, ARRAY[{place}] AS place, row_number() OVER (ORDER BY {", ".join(key + direction for key in keys)})
    FROM ({chosen.rows}) AS contact {joined}
) AS listed ON true
ORDER BY listed.row_number
"""  # noqa: S608  put together from constants; values are parameters
    return sql, chosen.parameters.values


@dataclass(frozen=True, slots=True)
class IdPage:
    """Ids of a list in its order, and the place after which the next ones begin."""

    ids: list[UUID]
    place: tuple[str, ...] | None


async def ids_page(uow: UnitOfWork, wanted: Wanted, after: tuple[str, ...] | None, limit: int) -> IdPage:
    """Return the ids of the contacts of a list that follow a place, at most `limit` of them."""
    personal.demand_list(uow.actor, wanted)
    chosen = select(wanted, after, limit, sight_of(uow.actor))
    place = ", ".join(f"{key}::text" for key in chosen.order.columns)
    sql = f"""
{chosen.definition}
SELECT id, ARRAY[{place}] AS place FROM ({chosen.rows}) AS contact ORDER BY {chosen.order.clause}
"""  # noqa: S608  put together from constants; values are parameters
    rows = await uow.read(sql, *chosen.parameters.values)
    following = tuple(rows[limit - 1]["place"]) if len(rows) > limit else None
    return IdPage([row["id"] for row in rows[:limit]], following)
