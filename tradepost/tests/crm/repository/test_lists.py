"""Lists and search of contacts: what is found, in which order, page by page, and how at 20,000 contacts."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from mainstay.bootstrap.program import Program
from mainstay.db.engine import sqlalchemy_url
from mainstay.testing import database
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.crm.repository.lists import page_statement
from tradepost.crm.repository.search import Wanted, asked_words

MakeContact = Callable[..., Awaitable[dict[str, Any]]]

CONTACTS = "/api/v1/crm/contacts"
MANY = 20_000
SORTS: tuple[str, ...] = ("name", "-name", "-updated_at", "-created_at", "company")
GIVEN = "anna boris clara david elena farid greta hugo irina jonas katya leon maria nils olga pavel rosa sven tanya uwe"
FAMILY = (
    "abramov becker castellano dubois eriksson ferrari grigoriev hoffmann ivanov jansen kowalski lefebvre moreau novak "
    "oliveira petrov quist rossi shcherbakov tanaka ulrich vasquez wagner xenakis yilmaz zimmermann"
)
FILL = """
WITH words AS (SELECT string_to_array($1, ' ') AS given, string_to_array($2, ' ') AS family),
people AS (
    SELECT number, gen_random_uuid() AS id,
        concat_ws(' ', given[1 + number % 20], family[1 + number / 20 % 26], 'k' || number) AS name,
        'firm ' || number % 900 AS company, concat('met at the fair in ', repeat(md5(number::text) || ' ', 8)) AS notes
    FROM words, generate_series(1, $3::integer) AS number
),
contacts AS (
    INSERT INTO crm_contact (
        id, kind, name, company_name, source, notes, name_key, company_key, search, alike, archived_at, updated_at,
        has_phone
    )
    SELECT id, 'person', name, company, 'csv', notes, name, company,
        format(' %s %s %s %s ', name, company, notes, 33100000000 + number),
        format(' %s %s ', name, company), CASE WHEN number % 50 = 0 THEN now() END, now() - number * interval '1 min',
        number % 10 <> 0
    FROM people
),
phones AS (
    INSERT INTO crm_phone (contact_id, position, kind, written, e164)
    SELECT id, 0, 'work', '+' || 33100000000 + number, '+' || 33100000000 + number FROM people WHERE number % 10 <> 0
),
tags AS (INSERT INTO tagging_tag (id, kind, name, name_key) VALUES ($4, 'tag', 'few', 'few'))
INSERT INTO tagging_link (tag_id, entity, entity_id) SELECT $4, 'crm.contact', id FROM people WHERE number % 400 = 1
"""
TAG = "018f5a3e-0000-7000-8000-000000000001"


async def names(client: Client, **params: str) -> list[str]:
    """Return the names that a search finds."""
    return [item["name"] for item in (await client.get(CONTACTS, params=params)).json()["items"]]


@pytest.fixture
async def book(owner: Client, in_france: None, make_contact: MakeContact) -> Client:
    """An owner's client with a few contacts."""
    quay = await make_contact("Quay & Sons", kind="company", websites=[{"url": "quay-wines.example"}])
    await make_contact(
        "Zoë Müller",
        title="Head of Buying",
        company_id=quay["id"],
        phones=[{"written": "01 23 45 67 89"}],
        emails=[{"address": "zoe.m@example.com"}],
        notes="Likes darjeeling",
        tags=["VIP"],
        groups=["Fair"],
    )
    await make_contact("Михаил Щербаков", company_name="Рога и копыта", phones=[{"written": "+7 495 123-45-67"}])
    await make_contact("Michael Smith", addresses=[{"text": "12 Harbour Street\nBrest"}], tags=["vip", "Old"])
    await make_contact("田中さくら", company_name="株式会社さくら")
    await make_contact("Иван О’Брайен", emails=[{"address": "ivan@example.com"}])
    return owner


# -- what is found -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("zoe", ["Zoë Müller"]),
        ("MÜLL zoë", ["Zoë Müller"]),
        ("shcherbakov", ["Михаил Щербаков"]),
        ("щербаков", ["Михаил Щербаков"]),
        ("roga", ["Михаил Щербаков"]),
        ("quay", ["Quay & Sons", "Zoë Müller"]),
        ("buying", ["Zoë Müller"]),
        ("zoe.m@example.com", ["Zoë Müller"]),
        ("darjeeling", ["Zoë Müller"]),
        ("vip", ["Michael Smith", "Zoë Müller"]),
        ("fair", ["Zoë Müller"]),
        ("brest", ["Michael Smith"]),
        ("wines.example", ["Quay & Sons"]),
        ("さくら", ["田中さくら"]),
        ("obrayen", ["Иван О’Брайен"]),
        ("01 23 45 67 89", ["Zoë Müller"]),
        ("+33 (1) 23-45-67-89", ["Zoë Müller"]),
        ("0033123456789", ["Zoë Müller"]),
        ("6789", ["Zoë Müller"]),
        ("8 495 1234567", ["Михаил Щербаков"]),
        ("z", ["Zoë Müller"]),
        ("nothing like it", []),
        ("%", []),
        ("_", []),
        ("'; DROP TABLE crm_contact; --", []),
    ],
)
async def test_anything_known_is_found_in_any_script(book: Client, q: str, found: list[str]) -> None:
    """Rule 33: transliteration is a key; accents and case do not count."""
    assert sorted(await names(book, q=q, sort="name")) == sorted(found)


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("muler", "Zoë Müller"),
        ("mueller", "Zoë Müller"),
        ("zoe mulelr", "Zoë Müller"),
        ("shcherbakof", "Михаил Щербаков"),
        ("Щербоков", "Михаил Щербаков"),
        ("smiht", "Michael Smith"),
        ("micheal smith", "Michael Smith"),
    ],
)
async def test_typing_errors_are_forgiven(book: Client, q: str, first: str) -> None:
    assert (await names(book, q=q))[:1] == [first]


async def test_beginnings_of_names_come_first(owner: Client, make_contact: MakeContact) -> None:
    await make_contact("Zed", notes="Ivan knows him")
    await make_contact("Anna Ivanova")
    await make_contact("Ivan")
    await make_contact("Ivna")
    assert await names(owner, q="ivan") == ["Ivan", "Anna Ivanova", "Zed", "Ivna"]


def test_what_reads_as_a_number_is_one_word_of_digits() -> None:
    assert asked_words("+33 (0)1 23-45") == ["3301 2345".replace(" ", "")]
    assert asked_words("0049 30 12") == ["493012"]
    assert asked_words("12") == ["12"]
    assert asked_words("Zoë 2026") == ["zoe", "2026"]
    assert len(asked_words("a b c d e f g h i j")) == 8


# -- filters -----------------------------------------------------------------------------------------------------------


async def test_lists_are_filtered(book: Client, uow: UnitOfWork) -> None:
    tags = {row["name"]: str(row["id"]) for row in await uow.read("SELECT name, id FROM tagging_tag")}
    company = str(await uow.read_value("SELECT id FROM crm_contact WHERE kind = 'company'"))
    for params, expected in (
        ({"tag": tags["VIP"]}, ["Michael Smith", "Zoë Müller"]),
        ({"tag": tags["VIP"], "group": tags["Fair"]}, ["Zoë Müller"]),
        ({"group": tags["VIP"]}, []),
        ({"tag": tags["Old"], "q": "smith"}, ["Michael Smith"]),
        ({"tag": tags["Old"], "q": "smiht"}, ["Michael Smith"]),
        ({"tag": tags["Fair"], "q": "smiht"}, []),
        ({"company_id": company}, ["Zoë Müller"]),
        ({"kind": "company"}, ["Quay & Sons"]),
        ({"source": "card"}, []),
        ({"source": "manual", "kind": "person", "missing": "company"}, ["Иван О’Брайен", "Michael Smith"]),
        ({"missing": "phone"}, ["Иван О’Брайен", "Michael Smith", "Quay & Sons", "田中さくら"]),
        ({"missing": "email"}, ["Michael Smith", "Михаил Щербаков", "Quay & Sons", "田中さくら"]),
    ):
        page = (await book.get(CONTACTS, params=params)).json()
        assert [item["name"] for item in page["items"]] == expected, params
        assert page["total"] == len(expected)


# -- page by page ------------------------------------------------------------------------------------------------------


@pytest.mark.practice(63)
@pytest.mark.parametrize("sort", [*SORTS, None])
@pytest.mark.parametrize("q", ["", "thing", "thnig"])
async def test_pages_follow_one_another_without_gap_or_double(
    owner: Client, make_contact: MakeContact, sort: str | None, q: str
) -> None:
    for number in range(13):
        await make_contact(f"Thing {number % 4}", company_name=f"Firm {number % 3}" if number % 2 else None)
    params = {"limit": "4"} | ({"sort": sort} if sort else {}) | ({"q": q} if q else {})

    pages: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        pages.append((await owner.get(CONTACTS, params=params | ({"cursor": cursor} if cursor else {}))).json())
        cursor = pages[-1]["next_cursor"]

    expected = 0 if q == "thnig" and sort else 13
    seen = [item["id"] for page in pages for item in page["items"]]
    assert len(seen) == len(set(seen)) == expected
    assert {page["total"] for page in pages} == {expected}
    assert all(len(page["items"]) == 4 for page in pages[:-1])


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", "name_key, id"),
        ("-name", "name_key DESC, id DESC"),
        ("-updated_at", "updated_at DESC, id DESC"),
        ("-created_at", "created_at DESC, id DESC"),
        ("company", "company_key = '', company_key, name_key, id"),
    ],
)
async def test_lists_are_sorted_as_a_direct_query_would(book: Client, uow: UnitOfWork, sort: str, order: str) -> None:
    await uow.write("UPDATE crm_contact SET updated_at = now() - length(name) * interval '1 hour'")
    assert await names(book, sort=sort) == [
        row["name"] for row in await uow.read(f"SELECT name FROM crm_contact ORDER BY {order}")
    ]


async def pages_of(client: Client, between: Callable[[], Awaitable[None]] | None = None, **params: str) -> list[str]:
    """Return the ids of a list, page by page; `between` two pages something may happen."""
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await client.get(CONTACTS, params=params | ({"cursor": cursor} if cursor else {}))
        page = answer.json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if between is not None:
            await between()
    return seen


@pytest.mark.practice(64)
@pytest.mark.parametrize("sort", SORTS)
async def test_whoever_is_there_all_the_time_is_shown_once_while_others_come_and_go(
    owner: Client, make_contact: MakeContact, sort: str
) -> None:
    staying = [await make_contact(f"Thing {number:02}", company_name=f"Firm {number % 3}") for number in range(12)]
    leaving = [await make_contact(f"Thing {number:02} too", company_name=f"Firm {number % 3}") for number in range(12)]

    async def come_and_go() -> None:
        """Before the place where the list is, and after it."""
        for name in ("Thing 00 anew", "Thing 99"):
            await make_contact(name, company_name="Firm 1")
        for place in (0, -1):
            if leaving:
                await owner.post(f"{CONTACTS}/{leaving.pop(place)['id']}/archive")

    seen = await pages_of(owner, come_and_go, sort=sort, limit="5")

    assert len(seen) == len(set(seen))
    assert {contact["id"] for contact in staying} <= set(seen)


@pytest.mark.practice(65)
@pytest.mark.parametrize(
    ("q", "words"), [("anna", ["anna"]), ("ÁNNA ’k'", ["anna", "k"]), ("k_1% fair", ["k", "1", "fair"])]
)
@pytest.mark.parametrize(
    ("sort", "order"), [("-name", "name_key DESC, id DESC"), ("company", "company_key = '', company_key, name_key, id")]
)
async def test_search_filter_and_sort_together_hold_what_a_direct_query_finds_on_every_page(
    owner: Client, uow: UnitOfWork, q: str, words: list[str], sort: str, order: str
) -> None:
    await uow.write(FILL, GIVEN, FAMILY, 230, TAG)
    fits = " AND ".join(f"search LIKE '% {word}%'" for word in words)
    direct = await uow.read(
        f"""
        SELECT id FROM crm_contact AS contact WHERE {fits} AND archived_at IS NULL AND source = 'csv'
            AND NOT EXISTS (SELECT FROM crm_phone WHERE contact_id = contact.id) ORDER BY {order}
        """
    )

    seen = await pages_of(owner, q=q, sort=sort, missing="phone", source="csv", limit="3")

    assert seen == [str(row["id"]) for row in direct]
    assert len(seen) > 3


@pytest.mark.practice(63)
async def test_a_page_has_at_most_200_rows_whatever_is_asked_for(owner: Client, uow: UnitOfWork) -> None:
    await uow.write(FILL, GIVEN, FAMILY, 230, TAG)
    page = (await owner.get(CONTACTS, params={"limit": 1_000_000})).json()
    assert (len(page["items"]), page["total"]) == (200, 226)


# -- at 20,000 contacts ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def many(program: Program, database_server: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a database with 20,000 contacts."""
    source = database.template(database_server, program.migrations)
    with database.clone(database_server, source) as url:
        connection = await asyncpg.connect(
            sqlalchemy_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
            # VACUUM cannot mark pages as seen by all whose commits may still be lost, and then no index counts alone.
            server_settings={"jit": "off", "synchronous_commit": "on"},
        )
        await connection.execute(FILL, GIVEN, FAMILY, MANY, TAG)
        await connection.execute("VACUUM ANALYZE crm_contact, crm_phone, crm_email, tagging_tag, tagging_link")
        yield connection
        await connection.close()


async def plan_of(connection: asyncpg.Connection, sql: str, values: Sequence[object]) -> str:
    """Return the plan of a statement as the server would run it."""
    return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN (COSTS OFF) {sql}", *values))


def full_scans(plan: str) -> list[str]:
    """Return the full scans of the table of contacts."""
    return [line.strip() for line in plan.splitlines() if "Seq Scan on crm_contact" in line]


@pytest.mark.practice(41)
@pytest.mark.parametrize("sort", SORTS)
async def test_no_list_reads_all_contacts(many: asyncpg.Connection, sort: str) -> None:
    sql, values = page_statement(Wanted(sort=sort), None, 50)
    rows = await many.fetch(sql, *values)
    assert (len(rows), rows[0]["total"]) == (51, MANY - MANY // 50)
    following, values_after = page_statement(Wanted(sort=sort), tuple(rows[49]["place"]), 50)
    for statement, parameters in ((sql, values), (following, values_after)):
        plan = await plan_of(many, statement, parameters)
        assert full_scans(plan) == []
        assert "Sort Key: contact" not in plan.replace("Sort Key: contact.name_key, contact.id", "")


@pytest.mark.practice(41)
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("petrov anna"), Wanted("shcherbakov"), Wanted("k4711"), Wanted("33100004711"), Wanted("04711"),
        Wanted("firm 77"), Wanted("z"), Wanted("petrov", sort="-updated_at"), Wanted("petrvo boirs"),
    ],
    ids=repr,
)  # fmt: skip
async def test_no_search_reads_all_contacts(many: asyncpg.Connection, wanted: Wanted) -> None:
    sql, values = page_statement(wanted, None, 50)
    assert full_scans(await plan_of(many, sql, values)) == []


@pytest.mark.practice(41)
@pytest.mark.parametrize("wanted", [["shcherbakof"], ["petrvo", "boirs"], ["kowalsky", "4711"]])
async def test_what_is_alike_is_found_by_the_index(many: asyncpg.Connection, wanted: list[str]) -> None:
    """As the function plans it."""
    await many.execute(
        "SET enable_seqscan = off; SELECT set_config('pg_trgm.word_similarity_threshold', '0.45', false)"
    )
    plan = await plan_of(many, await many.fetchval("SELECT crm_alike_query($1)", wanted), [])
    await many.execute("RESET enable_seqscan")
    assert full_scans(plan) == []
    assert "Bitmap Index Scan on ix_crm_contact_alike" in plan or "Bitmap Index Scan on ix_crm_contact_search" in plan


@pytest.mark.practice(41)
async def test_those_with_a_tag_are_looked_up(many: asyncpg.Connection) -> None:
    sql, values = page_statement(Wanted(tag_id=UUID(TAG)), None, 50)
    rows = await many.fetch(sql, *values)
    assert rows[0]["total"] == 50
    plan = await plan_of(many, sql, values)
    assert "Seq Scan on crm_contact" not in plan
