"""Every list of the program uses the grammar, and behind each key that one allows stands an index.

Tables of a few thousand rows are read by the very statements of the lists: of a page sorted by any key no more rows may
be looked at than a page has, and of what few rows fit no more than a few.
"""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
from interface import operations
from shopfloor.rows import FEW, FREE, MANY, named, rows_of

from mainstay.bootstrap.program import Program
from mainstay.db.address import of_login
from mainstay.db.grammar import Asked, Operator, Order
from mainstay.db.query import encode_cursor
from mainstay.testing import database
from mainstay.testing.database import plain
from mainstay.web.asking import grammar_of
from mainstay.work import Row
from tradepost.catalog.repository import search as catalog
from tradepost.crm.repository import search as crm
from tradepost.stock.repository import ledger_of

LISTS = {each.title: each for each in operations() if each.is_list}
GRAMMARS = {title: found for title, each in LISTS.items() if (found := grammar_of(each)) is not None}
LARGE = {title: grammar for title, grammar in GRAMMARS.items() if not grammar.bounded}
_NARROW = "it is the part of one thing, which is read in the one order that it has"
# Lists that cannot be asked for a part or another order, and why not.
WITHOUT = {
    "GET /api/v1/audit/stories/{object_type}/{object_id}": "a story is told from its beginning",
    "GET /api/v1/backup/archives": "so few are kept that a page shows them all",
    "GET /api/v1/catalog/imports": "what is looked for is the newest",
    "GET /api/v1/catalog/imports/{import_id}/rows": _NARROW,
    "GET /api/v1/crm/card-batches": "what is looked for is the newest",
    "GET /api/v1/crm/card-photos": "pictures are read in the order in which they were sent",
    "GET /api/v1/crm/cards": "cards are decided in the order in which they were sent",
    "GET /api/v1/crm/contacts/{contact_id}/timeline": _NARROW,
    "GET /api/v1/crm/duplicates": "the likeliest come first, or the list would be of no use",
    "GET /api/v1/crm/held-card-files": "they become pictures in the order in which they were sent",
    "GET /api/v1/crm/imports": "what is looked for is the newest",
    "GET /api/v1/crm/imports/{import_id}/rows": _NARROW,
    "GET /api/v1/identity/sign-ups": "who has waited longest is next",
    "GET /api/v1/jobs": "the job engine's tables are its own, with no index of ours",
    "GET /api/v1/notifications": "one's own, of which the newest are unread",
    "GET /api/v1/operations/errors": "so few are kept that a page or two show them all",
}
SALES = "GET /api/v1/pos/sales"
REFUNDS = "GET /api/v1/pos/refunds"
SHIFTS = "GET /api/v1/pos/shifts"
MOVEMENTS = "GET /api/v1/stock/movements"
VARIANTS = "GET /api/v1/catalog/variants"
CONTACTS = "GET /api/v1/crm/contacts"
ENTRIES = "GET /api/v1/audit/entries"
MAILS = "GET /api/v1/mail/messages"
DELIVERIES = "GET /api/v1/webhooks/subscriptions/{subscription_id}/deliveries"

SIZE = 50
# What a page may cost: its rows, and what is joined to them.
MOST = 5 * SIZE
NEWEST, OLDEST = datetime(2026, 6, 15, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
TIMES: dict[Operator, object] = {"gte": NEWEST, "gt": NEWEST, "lte": OLDEST, "lt": OLDEST}
LARGEST, LEAST = 9_980, 10
# A value of each key that few rows have, by operator.
RARE: dict[str, dict[str, dict[Operator, object]]] = {
    SALES: {
        "store_id": {"eq": named("store", 9)},
        "register_id": {"eq": named("register", 9)},
        "cashier_id": {"eq": named("person", 9)},
        "shift_id": {"eq": named("shift", 9)},
        "business_day": {"eq": date(2026, 6, 1), "gte": NEWEST.date(), "lte": OLDEST.date()},
        "sold_at": TIMES,
        "total_minor": {"eq": 5000, "gte": LARGEST, "gt": LARGEST, "lte": LEAST, "lt": LEAST},
        "variant_id": {"eq": named("variant", 9)},
        "hour": {"eq": 13},
        "q": {"eq": "R1-00123"},
    },
    REFUNDS: {
        "store_id": {"eq": named("store", 9)},
        "shift_id": {"eq": named("shift", 5009)},
        "sale_id": {"eq": named("sale", 9)},
        "cashier_id": {"eq": named("person", 9)},
        "business_day": {"eq": date(2026, 6, 1), "gte": NEWEST.date(), "lte": OLDEST.date()},
        "refunded_at": TIMES,
        "q": {"eq": "R1-00123"},
    },
    SHIFTS: {"register_id": {"eq": named("register", 9)}, "opened_at": TIMES},
    MAILS: {"state": {"in": ["given_up"]}, "recipient": {"eq": "ann9@shop.example"}, "created_at": TIMES},
    DELIVERIES: {"state": {"in": ["given_up"]}, "created_at": TIMES},
    ENTRIES: {
        "act": {"eq": "sample.rare"},
        "actor_id": {"eq": named("person", 9)},
        "object_type": {"eq": "sample.rare"},
        "object_id": {"eq": "9"},
        "happened_at": TIMES,
    },
    VARIANTS: {"q": {"eq": "prod 1234"}, "tag": {"eq": "rare"}, "is_active": {"eq": False}},
    CONTACTS: {
        "q": {"eq": "anna 1234"},
        "tag": {"eq": named("tag", 9)},
        "group": {"eq": named("group", 9)},
        "kind": {"eq": "company"},
        "source": {"eq": "card"},
        "missing": {"eq": "phone"},
        "company_id": {"eq": named("contact", 9)},
        "archived": {"eq": True},
        "owner": {"eq": named("person", 9)},
    },
    MOVEMENTS: {"kind": {"in": ["opening", "adjustment"]}, "happened_at": TIMES},
}
SCOPES = {
    MOVEMENTS: ledger_of(named("store", 1), named("variant", 1)),
    DELIVERIES: [("d.subscription_id = {}", named("subscription", 1))],
}
Statement = tuple[str, Sequence[object]]


def statement(title: str, asked: Asked, after: tuple[str, ...] | None, size: int) -> Statement:
    """Return how a list reads a page, with the place of each row in its order."""
    match title:
        case "GET /api/v1/catalog/variants":
            chosen: Any = catalog.select(catalog.Wanted.of(asked), after, size)
            order: Order = catalog.Wanted.of(asked).order
        case "GET /api/v1/crm/contacts":
            chosen = crm.select(crm.Wanted.of(asked), after, size, crm.WHOLE)
            order = chosen.order
        case _:
            grammar = GRAMMARS[title]
            return grammar.select(asked, encode_cursor(*after) if after else None, size, SCOPES.get(title, ()))
    place = ", ".join(f"{column}::text" for column in order.columns)
    sql = f"{chosen.definition} SELECT *, ARRAY[{place}] AS place FROM ({chosen.rows}) AS row"
    return sql, chosen.parameters.values


def place(title: str, asked: Asked, row: Row) -> tuple[str, ...]:
    """Return where a row stands."""
    return tuple(row["place"]) if "place" in row else GRAMMARS[title].order(asked).place(row)


@pytest.fixture(scope="module")
async def full(program: Program, database_server: str) -> AsyncIterator[asyncpg.Connection]:
    """A database in which every list has a few thousand rows."""
    with database.clone(database_server, database.template(database_server, program.migrations)) as url:
        connection = await asyncpg.connect(plain(of_login(url)))
        await connection.execute(FREE)
        for sql in rows_of(1, MANY):
            await connection.execute(sql)
        await connection.execute("VACUUM ANALYZE")
        yield connection
        await connection.close()


@pytest.fixture
async def filled(full: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """The same, and what a test does to it is undone."""
    transaction = full.transaction()
    await transaction.start()
    yield full
    await transaction.rollback()


async def looked_at(connection: asyncpg.Connection, found: Statement) -> tuple[float, str]:
    """Return how many rows of tables a statement looks at, those among them that it leaves out, and its plan."""
    (plan,) = json.loads(await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {found[0]}", *found[1]))

    def count(node: dict[str, Any]) -> float:
        own = sum(value for name, value in node.items() if name.startswith("Rows Removed by") or name == "Actual Rows")
        is_scan = "Relation Name" in node
        return (own * node["Actual Loops"] if is_scan else 0) + sum(map(count, node.get("Plans", ())))

    return count(plan["Plan"]), json.dumps(plan["Plan"], indent=1)


ORDERS = [(title, sort) for title, grammar in LARGE.items() for sort in grammar.sorts]
KEYS = [
    (title, key, operator)
    for title, grammar in LARGE.items()
    for key, each in grammar.filters.items()
    for operator in each.operators
]
# One value of a key may have an index of its own.
VALUES = [(*each, RARE[each[0]][each[1]][each[2]]) for each in KEYS]
VALUES += [(CONTACTS, "missing", "eq", what) for what in ("email", "company")]


def test_every_list_uses_the_grammar_or_says_why_not() -> None:
    assert LISTS.keys() - GRAMMARS.keys() == WITHOUT.keys()


@pytest.mark.parametrize(("title", "sort"), ORDERS)
async def test_a_page_in_any_order_looks_at_no_more_rows_than_it_shows(
    filled: asyncpg.Connection, title: str, sort: str
) -> None:
    asked = Asked(sort=sort)
    first = statement(title, asked, None, SIZE)
    rows = await filled.fetch(first[0], *first[1])
    assert len(rows) == SIZE + 1
    second = statement(title, asked, place(title, asked, rows[SIZE - 1]), SIZE)

    for each in (first, second):
        looked, plan = await looked_at(filled, each)
        assert looked <= MOST, plan


def test_what_is_looked_for_within_days_is_so_within_a_key_of_days() -> None:
    found = [
        (grammar, each.within) for grammar in GRAMMARS.values() for each in grammar.filters.values() if each.within
    ]
    assert found
    for grammar, within in found:
        assert grammar.filters[within].kind is date


@pytest.mark.parametrize(("title", "key", "operator", "value"), VALUES)
async def test_what_few_rows_have_is_found_without_looking_at_others(
    filled: asyncpg.Connection, title: str, key: str, operator: Operator, value: object
) -> None:
    # In an order of its own a search gives what is merely alike too; the tests of searches look at that, at size.
    sort = LARGE[title].default
    conditions: list[tuple[str, Operator, object]] = [(key, operator, value)]
    if within := LARGE[title].filters[key].within:
        conditions.append((within, "eq", RARE[title][within]["eq"]))
    found = statement(title, Asked(tuple(conditions), sort), None, SIZE)
    assert 0 < len(await filled.fetch(found[0], *found[1])) <= FEW

    looked, plan = await looked_at(filled, found)
    assert looked <= MOST, plan


@pytest.mark.parametrize(
    ("index", "title", "asked"),
    [
        ("ix_pos_sale_total_minor_id", SALES, Asked(sort="-total_minor")),
        ("ix_pos_sale_cashier_id_sold_at_id", SALES, Asked((("cashier_id", "eq", named("person", 9)),))),
        ("ix_mail_message_recipient_created_at_id", MAILS, Asked((("recipient", "eq", "ann9@shop.example"),))),
    ],
)
async def test_without_its_index_a_list_looks_at_everything(
    filled: asyncpg.Connection, index: str, title: str, asked: Asked
) -> None:
    """Or the tests above would prove nothing."""
    await filled.execute(f"DROP INDEX {index}")

    looked, _ = await looked_at(filled, statement(title, asked, None, SIZE))
    assert looked >= MANY


@pytest.mark.parametrize(("title", "sort"), ORDERS)
async def test_pages_hold_each_row_once_while_others_come(filled: asyncpg.Connection, title: str, sort: str) -> None:
    """Rows that come between two pages, before the place and behind it, move nothing that was there."""
    asked, size = Asked(sort=sort), MANY // 3
    whole = statement(title, asked, None, 2 * MANY)
    before = [row["id"] for row in await filled.fetch(whole[0], *whole[1])]
    seen, after, coming = [], None, MANY
    while True:
        page = statement(title, asked, after, size)
        rows = await filled.fetch(page[0], *page[1])
        seen += [row["id"] for row in rows[:size]]
        if len(rows) <= size:
            break
        after = place(title, asked, rows[size - 1])
        for sql in rows_of(coming + 1, coming + 20, title):
            await filled.execute(sql)
        coming += 20

    known = set(before)
    assert [key for key in seen if key in known] == before
    assert len(seen) == len(set(seen)) >= len(before) > SIZE
