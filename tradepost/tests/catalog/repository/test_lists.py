"""Lists and search: what is found, in which order, page by page, and how at 100,000 variants."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from shopfloor import created, product_in

from mainstay.bootstrap.program import Program
from mainstay.db.engine import sqlalchemy_url
from mainstay.testing import database
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.catalog import api as catalog
from tradepost.catalog.repository.lists import facts_statement, page_statement
from tradepost.catalog.repository.search import Wanted
from tradepost.catalog.repository.variants import BY_CODE, FACTS_BY_CODE

ImportFile = Callable[..., Awaitable[dict[str, Any]]]

VARIANTS = "/api/v1/catalog/variants"
MANY = 100_000
# Words for a large catalogue; every product has three of them and a weight.
WORDS = (
    "chocolat noir lait fromage camembert tomate sauce yaourt nature beurre jambon poulet saumon riz pain farine sucre",
    "miel confiture fraise framboise abricot citron orange pomme poire banane noisette amande biscuit gateau creme",
    "glace cafe the eau jus biere vin huile olive vinaigre moutarde sel poivre basilic thym ail oignon carotte",
)
FILL = """
WITH words AS (SELECT $1::text[] AS word, array_length($1::text[], 1) AS length),
numbers AS (
    SELECT number, gen_random_uuid() AS product_id, gen_random_uuid() AS id,
        (
            SELECT concat_ws(
                ' ', word[1 + number % length], word[1 + number / 7 % length], word[1 + number / 331 % length]
            )
            FROM words
        ) || ' ' || number % 997 || 'g' AS name,
        '29' || lpad(number::text, 10, '0') AS body
    FROM generate_series(1, $2::integer) AS number
),
coded AS (
    SELECT *, body || (10 - (
        SELECT sum(substr(body, place, 1)::integer * CASE place % 2 WHEN 0 THEN 3 ELSE 1 END)
        FROM generate_series(1, 12) AS place
    ) % 10) % 10 AS code
    FROM numbers
),
learnt AS (INSERT INTO catalog_word SELECT unnest($1::text[])),
products AS (INSERT INTO catalog_product (id, name) SELECT product_id, name FROM coded),
variants AS (
    INSERT INTO catalog_variant (
        id, product_id, position, name, name_key, search, sku, sku_key, barcode, options, price, tax_rate
    )
    SELECT id, product_id, 0, name, name, format(' %s # a%s # %s ', name, number, code), 'A' || number, 'a' || number,
        code, '{}', number % 5000 / 100.0, 20
    FROM coded
)
INSERT INTO catalog_barcode (key, code, gtin, kind, variant_id, position)
SELECT lpad(code, 14, '0'), code, lpad(code, 14, '0'), 'gtin', id, 0 FROM coded
"""
NAMES = ("Tomato Sauce", "Tomato sauce with basil", "Sauce tomate", "Basil", "Tomato juice", "Crème brûlée", "Борщ")
SEARCHES = (
    Wanted("tomate sauce"), Wanted("camembert"), Wanted("camenbert"), Wanted("choc"), Wanted("a4711"), Wanted("b"),
    Wanted("2900000047115"), Wanted("sauce", sort="price"), Wanted("ail", tag="none"), Wanted(tag="none"),
)  # fmt: skip
SORTS: tuple[str, ...] = ("name", "-name", "sku", "price", "-price", "changed")


async def names(client: Client, **params: str) -> list[str]:
    """Return the names that a search finds."""
    return [item["name"] for item in (await client.get(VARIANTS, params=params)).json()["items"]]


@pytest.fixture
async def shelf(owner: Client, store_id: UUID, run_jobs: Callable[[], Awaitable[int]]) -> Client:
    """An owner's client with a few products, whose words are learnt."""
    for number, name in enumerate(NAMES):
        await created(owner, "/api/v1/catalog/products", product_in(sku=f"S-{number}") | {"name": name})
    await run_jobs()
    return owner


# -- what is found -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("tomato", ["Tomato Sauce", "Tomato juice", "Tomato sauce with basil"]),
        ("TOM SAU", ["Tomato Sauce", "Tomato sauce with basil", "Sauce tomate"]),
        ("sauce tomato", ["Tomato Sauce", "Tomato sauce with basil"]),
        ("creme brulee", ["Crème brûlée"]),
        ("CRÈME", ["Crème brûlée"]),
        ("борщ", ["Борщ"]),
        ("basil", ["Basil", "Tomato sauce with basil"]),
        ("t", ["Tomato Sauce", "Tomato juice", "Tomato sauce with basil"]),
        ("nothing like it", []),
        ("%", []),
        ("_", []),
        ("'; DROP TABLE catalog_variant; --", []),
    ],
)
async def test_beginnings_of_words_are_found_in_any_order_case_and_accent(
    shelf: Client, q: str, found: list[str]
) -> None:
    """Rule 33: what is merely alike comes after them."""
    assert sorted(await names(shelf, q=q, sort="name")) == sorted(found)
    assert set((await names(shelf, q=q))[: len(found)]) == set(found)


async def test_what_is_merely_alike_comes_after_what_fits(shelf: Client) -> None:
    assert (await names(shelf, q="tomato"))[3:] == ["Sauce tomate"]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("tomatto", "Tomato"),
        ("tomto sause", "Tomato Sauce"),
        ("basli", "Basil"),
        ("absil", "Basil"),
        ("jucie tomtao", "Tomato juice"),
        ("tomto juce", "Tomato juice"),
        ("creme brule", "Crème brûlée"),
        ("creme brullee", "Crème brûlée"),
        ("борш", "Борщ"),
    ],
)
async def test_typing_errors_are_forgiven(shelf: Client, q: str, first: str) -> None:
    assert (await names(shelf, q=q))[0].startswith(first)


async def test_exact_codes_come_first_then_their_beginnings_then_names(owner: Client, store_id: UUID) -> None:
    for name, sku, barcode in (
        ("4711 in the name", "N", None),
        ("Beginning of a code", "4711-B", None),
        ("Exact code", "4711", None),
        ("In the barcode", "B", "4711000000001"),
        ("Other", "O", None),
    ):
        body = product_in(sku=sku, barcodes=[barcode] if barcode else []) | {"name": name}
        await created(owner, "/api/v1/catalog/products", body)

    assert await names(owner, q="4711") == [
        "Exact code", "Beginning of a code", "In the barcode", "4711 in the name",
    ]  # fmt: skip


async def test_a_barcode_is_found_in_any_printed_length_and_with_a_typing_error(owner: Client, store_id: UUID) -> None:
    """Rule 26."""
    await created(owner, "/api/v1/catalog/products", product_in(barcodes=["036000291452"]) | {"name": "Tissues"})
    for q in ("036000291452", "0036000291452", "36000291452", "0360002", "036000291453"):
        assert await names(owner, q=q) == ["Tissues"], q


async def test_other_modules_find_what_is_active(shelf: Client, uow: UnitOfWork) -> None:
    juice = (await catalog.find(uow, "tomato juice", 5))[0]
    assert (juice.name, juice.sku, str(juice.tax_rate), str(juice.quantity_step)) == ("Tomato juice", "S-4", "20", "1")
    await uow.write("UPDATE catalog_variant SET is_active = false WHERE id = $1", juice.variant_id)
    assert "Tomato juice" not in [found.name for found in await catalog.find(uow, "tomato juice", 5)]
    assert [found.name for found in await catalog.find(uow, " ", 3)] == ["Basil", "Crème brûlée", "Sauce tomate"]
    assert await catalog.find(uow, "  bas ", 1) == [(await catalog.find(uow, "basil", 9))[0]]


# -- page by page ------------------------------------------------------------------------------------------------------


@pytest.mark.practice(63, 64, 65)
@pytest.mark.parametrize("sort", [*SORTS, None])
@pytest.mark.parametrize("q", ["", "thing", "thnig", "t"])
async def test_pages_follow_one_another_without_gap_or_double(
    owner: Client, import_file: ImportFile, uow: UnitOfWork, sort: str | None, q: str
) -> None:
    skus = [f"K{number}" if number % 3 else "" for number in range(23)]
    lines = "".join(f"Thing {number % 5},{number % 7}.5,{sku}\n" for number, sku in enumerate(skus))
    await import_file(f"name,price,sku\n{lines}")
    params = {"limit": "4"} | ({"sort": sort} if sort else {}) | ({"q": q} if q else {})

    pages: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        pages.append((await owner.get(VARIANTS, params=params | ({"cursor": cursor} if cursor else {}))).json())
        cursor = pages[-1]["next_cursor"]

    seen = [item["id"] for page in pages for item in page["items"]]
    is_alike_only = q == "thnig" and sort is not None
    expected = 0 if is_alike_only else await uow.read_value("SELECT count(*) FROM catalog_variant")
    assert len(seen) == len(set(seen)) == expected
    assert {page["total"] for page in pages} == {expected}
    assert all(len(page["items"]) == 4 for page in pages[:-1])


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", "name_key, id"),
        ("-name", "name_key DESC, id DESC"),
        ("sku", "sku_key = '', sku_key, id"),
        ("price", "price, id"),
        ("-price", "price DESC, id DESC"),
        ("changed", "updated_at DESC, id DESC"),
    ],
)
async def test_lists_are_sorted_as_a_direct_query_would(shelf: Client, uow: UnitOfWork, sort: str, order: str) -> None:
    await uow.write("UPDATE catalog_variant SET sku = NULL, sku_key = '', price = 1 WHERE name LIKE '%asil%'")
    expected = [row["name"] for row in await uow.read(f"SELECT name FROM catalog_variant ORDER BY {order}")]
    assert await names(shelf, sort=sort) == expected
    matching = [name for name in expected if "basil" in name.lower()]
    assert await names(shelf, sort=sort, q="bas") == matching


async def test_nothing_is_lost_when_products_come_and_go_between_pages(shelf: Client, uow: UnitOfWork) -> None:
    first = (await shelf.get(VARIANTS, params={"limit": 3})).json()
    await created(shelf, "/api/v1/catalog/products", product_in() | {"name": "Aaa comes before"})
    await uow.write("DELETE FROM catalog_variant WHERE name = $1", first["items"][0]["name"])

    second = (await shelf.get(VARIANTS, params={"limit": 9, "cursor": first["next_cursor"]})).json()

    listed = [item["name"] for item in (*first["items"], *second["items"])]
    assert sorted(listed) == sorted(NAMES)
    assert second["total"] == len(NAMES)


@pytest.mark.practice(63)
async def test_a_page_has_at_most_200_rows_whatever_is_asked_for(owner: Client, import_file: ImportFile) -> None:
    await import_file("name,price\n" + "".join(f"Thing {number},1\n" for number in range(230)))
    page = (await owner.get(VARIANTS, params={"limit": 1_000_000})).json()
    assert (len(page["items"]), page["total"]) == (200, 230)


# -- at 100,000 variants -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
async def many(program: Program, database_server: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a database with 100,000 variants."""
    source = database.template(database_server, program.migrations)
    with database.clone(database_server, source) as url:
        connection = await asyncpg.connect(
            sqlalchemy_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
            server_settings={"jit": "off"},
        )
        await connection.execute("INSERT INTO shop_business VALUES (true, 'Big', 'EUR', 'FR', 'UTC')")
        await connection.execute("INSERT INTO shop_tax_rate VALUES (20, 'VAT', 0)")
        await connection.execute(FILL, " ".join(WORDS).split(), MANY)
        await connection.execute("SELECT gin_clean_pending_list('ix_catalog_variant_search')")
        await connection.execute("VACUUM ANALYZE catalog_product, catalog_variant, catalog_barcode")
        yield connection
        await connection.close()


async def plan_of(connection: asyncpg.Connection, sql: str, values: Sequence[object]) -> str:
    """Return the plan of a statement as the server would run it."""
    return "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN (COSTS OFF) {sql}", *values))


def full_scans(plan: str) -> list[str]:
    """Return the full scans of tables that grow with the catalogue."""
    return [
        line.strip()
        for line in plan.splitlines()
        if "Seq Scan on catalog_" in line and "Seq Scan on catalog_variant_count" not in line
    ]


@pytest.mark.practice(41)
@pytest.mark.parametrize("sort", SORTS)
async def test_no_list_reads_the_whole_catalogue(many: asyncpg.Connection, sort: str) -> None:
    sql, values = page_statement(Wanted(sort=sort), None, 50, with_cost=True)
    row = await many.fetchrow(sql, *values)
    assert row["total"] == MANY
    assert len(json.loads(f"[{row['items']}]")) == 50
    following, values_after = page_statement(Wanted(sort=sort), tuple(row["place"]), 50, with_cost=True)
    for statement, parameters in ((sql, values), (following, values_after)):
        plan = await plan_of(many, statement, parameters)
        assert full_scans(plan) == []
        assert "Index Scan" in plan
        assert "Sort Key: catalog_variant" not in plan


@pytest.mark.practice(41)
@pytest.mark.parametrize("wanted", SEARCHES, ids=repr)
async def test_no_search_reads_the_whole_catalogue(many: asyncpg.Connection, wanted: Wanted) -> None:
    sql, values = page_statement(wanted, None, 50, with_cost=False)
    assert full_scans(await plan_of(many, sql, values)) == []
    till, parameters = facts_statement(wanted.q, 24)
    assert full_scans(await plan_of(many, till, parameters)) == []


@pytest.mark.practice(41)
async def test_what_is_alike_is_found_by_the_index(many: asyncpg.Connection) -> None:
    """As the function plans it."""
    await many.execute("SET enable_seqscan = off; SELECT set_config('pg_trgm.word_similarity_threshold', '0.5', false)")
    for wanted in (["camenbert"], ["tomtae", "suace"], ["2900000047116"], ["choclat", "12g"]):
        plan = await plan_of(many, await many.fetchval("SELECT catalog_alike_query($1)", wanted), [])
        assert full_scans(plan) == []
        assert plan.count("Bitmap Index Scan on ix_catalog_variant_search") == 1
    await many.execute("RESET enable_seqscan")
    found = await many.fetch("SELECT name_key, distance FROM catalog_alike('{camenbert}', 50)")
    assert len(found) == 50
    assert all("camembert" in row["name_key"] for row in found)


@pytest.mark.practice(41)
@pytest.mark.parametrize(
    ("wanted", "looked_up"),
    [
        (["tomate", "4711"], "4711"),
        (["4711", "tomate"], "4711"),
        (["tomate", "471"], "tomate"),
        (["ail", "1234g"], "1234g"),
    ],
)
async def test_of_words_and_a_number_the_number_is_looked_up(
    many: asyncpg.Connection, wanted: list[str], looked_up: str
) -> None:
    """Thousands of variants have the word, and a few the number."""
    await many.execute("SET enable_seqscan = off")
    plan = await plan_of(many, await many.fetchval("SELECT catalog_alike_query($1)", wanted), [])
    await many.execute("RESET enable_seqscan")
    (condition,) = [line for line in plan.splitlines() if "Index Cond" in line]
    assert looked_up in condition
    assert not any(word in condition for word in wanted if word != looked_up)


@pytest.mark.practice(41)
async def test_a_look_up_is_by_index_alone(many: asyncpg.Connection) -> None:
    for statement in (*BY_CODE.values(), FACTS_BY_CODE):
        plan = await plan_of(many, statement, ["00290000000017", "290000000017", "a1"])
        assert full_scans(plan) == []
        assert plan.count("Index Scan using") + plan.count("Index Only Scan using") == 4


async def test_words_find_the_same_as_a_direct_query(many: asyncpg.Connection) -> None:
    for q in ("tomate sauce", "cam", "olive 12g", "a471"):
        sql, values = page_statement(Wanted(q, sort="name"), None, 50, with_cost=False)
        row = await many.fetchrow(sql, *values)
        conditions = " AND ".join(f"' ' || search LIKE '% {word}%'" for word in q.split())
        assert row["total"] == await many.fetchval(f"SELECT count(*) FROM catalog_variant WHERE {conditions}"), q


async def test_pages_of_a_search_are_one_list(many: asyncpg.Connection) -> None:
    pages: list[Any] = []
    while not pages or pages[-1]["place"]:
        place = tuple(pages[-1]["place"]) if pages else None
        sql, values = page_statement(Wanted("cam lait"), place, 50, with_cost=False)
        pages.append(await many.fetchrow(sql, *values))
    seen = [item["id"] for page in pages for item in json.loads(f"[{page['items'] or ''}]")]
    assert len(pages) > 2
    assert {len(seen), len(set(seen))} == {page["total"] for page in pages}
