"""Reading sales back, and the check of the journal."""

from datetime import UTC, datetime

import pytest
from counting import Statements, own
from shopfloor import ProductFactory, Till, add_till, line_in, sale_in, sell

from mainstay import ids
from mainstay.db.grammar import Asked
from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.pos.repository.sales import SALES as GRAMMAR
from tradepost.pos.service import sales

SALES = "/api/v1/pos/sales"


async def test_a_sale_reads_back_as_it_was_answered(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    sold = await sell(cashier, sale_in(till, [line_in(await make_product(), "2")], 498))

    assert (await cashier.get(f"{SALES}/{sold['id']}")).json() == sold


async def test_an_unknown_sale_is_not_found(cashier: Client, till: Till) -> None:
    answer = await cashier.get(f"{SALES}/{ids.new_id()}")

    assert (answer.status_code, answer.json()["code"]) == (404, "pos.unknown_sale")


async def test_sales_are_paged_without_gap_or_double(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    product = await make_product()
    sold = [(await sell(cashier, sale_in(till, [line_in(product)], 249)))["id"] for _ in range(5)]

    seen: list[str] = []
    cursor = None
    while True:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await cashier.get(SALES, params=query)).json()
        seen += [item["id"] for item in page["items"]]
        assert page["total"] == 5
        cursor = page["next_cursor"]
        if cursor is None:
            break
        # A sale that comes in between does not push one over to the next page.
        assert len(page["items"]) == 2

    assert seen == sold[::-1]


async def test_sales_are_found_by_store_day_and_shift(
    cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    sold = await sell(cashier, sale_in(till, [line_in(await make_product())], 249))
    fitting = {"store_id": str(till.store_id), "business_day": sold["business_day"], "shift_id": str(till.shift_id)}

    assert (await cashier.get(SALES, params=fitting)).json()["total"] == 1
    for other in ({"store_id": str(ids.new_id())}, {"business_day": "2020-01-01"}, {"shift_id": str(ids.new_id())}):
        assert (await cashier.get(SALES, params=fitting | other)).json()["total"] == 0


async def test_a_best_seller_opens_the_sales_that_it_was_on(
    cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    best, other = [await make_product() for _ in range(2)]
    both = await sell(cashier, sale_in(till, [line_in(best), line_in(other), line_in(best)], 747))
    alone = await sell(cashier, sale_in(till, [line_in(best)], 249))
    await sell(cashier, sale_in(till, [line_in(other)], 249))

    page = (await cashier.get(SALES, params={"variant_id": str(best.variant_id)})).json()

    assert [item["id"] for item in page["items"]] == [alone["id"], both["id"]]
    assert page["total"] == 2


async def test_an_hour_opens_the_sales_of_that_hour_on_the_stores_clock(
    cashier: Client, till: Till, make_product: ProductFactory, clock: FrozenClock
) -> None:
    """Rule 24: the store is in Paris, one hour before UTC in winter."""
    product = await make_product()
    sold = {}
    for hour, minute in ((8, 59), (9, 0), (9, 59), (10, 0)):
        clock.move_to(datetime(2026, 1, 15, hour, minute, tzinfo=UTC))
        sold[hour, minute] = await sell(cashier, sale_in(till, [line_in(product)], 249))

    page = (await cashier.get(SALES, params={"business_day": "2026-01-15", "hour": 10})).json()

    assert [item["id"] for item in page["items"]] == [sold[9, 59]["id"], sold[9, 0]["id"]]
    for bad in ("24", "-1", "x"):
        answer = await cashier.get(SALES, params={"hour": bad})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "hour")


@pytest.mark.parametrize("path", [SALES, f"{SALES}.csv"])
async def test_an_hour_is_looked_for_within_days_and_never_among_all_sales(cashier: Client, path: str) -> None:
    for days in (
        {"business_day": "2026-01-15"},
        {"business_day[gte]": "2026-01-15", "business_day[lte]": "2026-04-16"},
        {"business_day[gte]": "2026-01-16", "business_day[lte]": "2026-01-15"},
        {"business_day": "2026-01-15", "business_day[gte]": "2000-01-01"},
    ):
        assert (await cashier.get(path, params={"hour": 10, **days})).status_code == 200, days
    for days in (
        {},
        {"business_day[gte]": "2026-01-15"},
        {"business_day[lte]": "2026-01-15"},
        {"business_day[gte]": "2026-01-15", "business_day[lte]": "2026-04-17"},
    ):
        answer = await cashier.get(path, params={"hour": 10, **days})
        told = answer.json()
        assert (answer.status_code, told["code"], told["errors"][0]["field"]) == (422, "unbounded_filter", "hour")
        assert (told["within"], told["days"]) == ("business_day", 92)


@pytest.mark.practice(42)
async def test_a_list_of_100_sales_takes_as_many_statements_as_a_list_of_one(
    cashier: Client, till: Till, make_product: ProductFactory, statements: Statements
) -> None:
    product = await make_product()
    for _ in range(100):
        await sell(cashier, sale_in(till, [line_in(product)], 249))
    taken = []
    for limit in (1, 100):
        async with statements() as seen:
            page = (await cashier.get(SALES, params={"limit": limit, "store_id": str(till.store_id)})).json()
        assert len(page["items"]) == limit
        taken.append(len(own(seen)))
    assert taken[0] == taken[1] <= 2


async def test_the_number_of_all_sales_is_that_of_the_rows(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """It is told from the registers' numbers; sales that are refused, or sent again, take none."""
    second, product = await add_till(owner, till.store_id, "HS2"), await make_product()
    totals = []
    for one in (till, till, second):
        sale = sale_in(one, [line_in(product)], 249)
        await sell(owner, sale)
        assert (await owner.post(SALES, json=sale)).status_code == 201
        assert (await owner.post(SALES, json=sale_in(one, [line_in(product)], 250))).status_code == 409
        totals.append((await owner.get(SALES)).json()["total"])
    assert totals == [1, 2, 3]
    assert await uow.read_value("SELECT count(*) FROM pos_sale") == 3


@pytest.mark.practice(65)
@pytest.mark.parametrize(
    "q", ["HS", "hs1-0000", " HS1-000001 ", "HS10", "HS1-", "S1", "1", "H_1%", "\\", "é' OR 1=1 --"]
)
@pytest.mark.parametrize("other", [{}, {"store_id": "own"}, {"shift_id": "own", "business_day": "own"}])
async def test_sales_are_found_by_the_beginning_of_their_receipt_number(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork, q: str, other: dict[str, str]
) -> None:
    second = await add_till(owner, till.store_id, "HS10")
    product = await make_product()
    sold = [await sell(owner, sale_in(one, [line_in(product)], 249)) for one in (till, second, till, second, till)]
    own = {"store_id": str(till.store_id), "shift_id": str(till.shift_id), "business_day": sold[0]["business_day"]}
    query = {name: own[name] for name in other} | {"q": q, "limit": "2"}

    seen: list[str] = []
    totals: set[int] = set()
    cursor: str | None = ""
    while cursor is not None:
        page = (await owner.get(SALES, params=query | ({"cursor": cursor} if cursor else {}))).json()
        seen += [item["receipt_number"] for item in page["items"]]
        totals.add(page["total"])
        cursor = page["next_cursor"]

    expected = await uow.read(
        """
        SELECT receipt_number FROM pos_sale
        WHERE left(receipt_number, length($1)) = $1 AND ($2::text IS NULL OR shift_id::text = $2)
        ORDER BY sold_at DESC, id DESC
        """,
        q.strip().upper(),
        query.get("shift_id"),
    )
    assert seen == [row["receipt_number"] for row in expected]
    assert totals == {len(expected)}


async def test_sales_are_sorted_and_narrowed_down_by_total_time_and_cashier(
    owner: Client, cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    cheap, dear = await make_product(price="1.00"), await make_product(price="9.00")
    sold = [await sell(owner, sale_in(till, [line_in(dear)], 900))]
    sold.append(await sell(cashier, sale_in(till, [line_in(cheap)], 100)))
    sold.append(await sell(owner, sale_in(till, [line_in(dear), line_in(cheap)], 1000)))

    async def found(**query: str) -> list[int]:
        page = (await owner.get(SALES, params=query)).json()
        numbers = {each["id"]: place for place, each in enumerate(sold)}
        assert page["total"] == len(page["items"])
        return [numbers[each["id"]] for each in page["items"]]

    assert await found() == [2, 1, 0]
    assert await found(sort="sold_at") == [0, 1, 2]
    assert await found(sort="total_minor") == [1, 0, 2]
    assert await found(sort="-total_minor") == [2, 0, 1]
    assert await found(sort="receipt_number") == [0, 1, 2]
    assert await found(**{"total_minor[gte]": "900"}) == [2, 0]
    assert await found(**{"total_minor[gt]": "900"}) == [2]
    assert await found(**{"total_minor[lt]": "900"}) == [1]
    assert await found(**{"total_minor[gte]": "100", "total_minor[lte]": "900"}) == [1, 0]
    assert await found(cashier_id=(await cashier.get("/api/v1/identity/account")).json()["id"]) == [1]
    assert await found(register_id=str(till.register_id), **{"sold_at[lt]": sold[0]["sold_at"]}) == []
    day = sold[0]["business_day"]
    assert await found(**{"business_day[gte]": day, "business_day[lte]": day}, sort="-total_minor") == [2, 0, 1]


async def test_those_who_rang_up_sales_are_told_by_name_to_whom_reaches_their_sales(
    owner: Client, cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    product = await make_product()
    for seller in (owner, owner, cashier):
        await sell(seller, sale_in(till, [line_in(product)], 249))

    async def listed(client: Client) -> list[dict[str, str]]:
        found: list[dict[str, str]] = (await client.get("/api/v1/pos/cashiers")).json()["items"]
        return found

    everybody = await listed(owner)
    own = (await cashier.get("/api/v1/identity/account")).json()
    assert [each["name"] for each in everybody] == sorted(each["name"] for each in everybody)
    assert len({each["id"] for each in everybody}) == 2
    assert own["id"] in {each["id"] for each in everybody}


async def test_a_receipt_is_found_by_its_index(uow: UnitOfWork) -> None:
    # In a small table the server reads everything; here it shall say how it would read a large one.
    await uow.write("SET LOCAL enable_seqscan = off")
    sql, values = GRAMMAR.select(Asked((("q", "eq", "HS1-00004"),)), None, 5)

    plan = "\n".join(row["QUERY PLAN"] for row in await uow.read(f"EXPLAIN {sql}", *values))

    assert "uq_pos_sale_receipt_number" in plan


async def test_a_foreign_cursor_is_refused(cashier: Client, till: Till) -> None:
    answer = await cashier.get(SALES, params={"cursor": "nonsense"})

    assert answer.status_code == 422


async def check(client: Client, till: Till) -> dict[str, object]:
    """Return the check of the register's journal."""
    answer = await client.get(f"/api/v1/pos/registers/{till.register_id}/journal/check")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


@pytest.mark.parametrize("page", [1, 2, 4, 1000])
async def test_the_journal_links_opening_and_sales(
    owner: Client, till: Till, make_product: ProductFactory, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 40, however many entries are read at once."""
    monkeypatch.setattr(sales, "JOURNAL_PAGE", page)
    product = await make_product()
    for _ in range(3):
        await sell(owner, sale_in(till, [line_in(product)], 249))

    assert await check(owner, till) == {"entries": 4, "is_intact": True, "broken_at": None}


async def test_a_changed_entry_breaks_the_chain_where_it_was_changed(
    owner: Client, till: Till, make_product: ProductFactory, open_work: WorkOpener
) -> None:
    """Rule 40: whoever gets past the database's guard is found out."""
    product = await make_product()
    for _ in range(3):
        await sell(owner, sale_in(till, [line_in(product)], 249))
    async with open_work(SYSTEM) as uow, as_owner(uow):
        await uow.write("ALTER TABLE pos_journal DISABLE TRIGGER pos_journal_append_only")
        await uow.write("UPDATE pos_journal SET payload = replace(payload, '249', '149') WHERE sequence = 3")

    assert await check(owner, till) == {"entries": 4, "is_intact": False, "broken_at": 3}


async def test_a_removed_entry_breaks_the_chain(
    owner: Client, till: Till, make_product: ProductFactory, open_work: WorkOpener
) -> None:
    """Rule 40."""
    await sell(owner, sale_in(till, [line_in(await make_product())], 249))
    async with open_work(SYSTEM) as uow, as_owner(uow):
        await uow.write("ALTER TABLE pos_journal DISABLE TRIGGER pos_journal_append_only")
        await uow.write("DELETE FROM pos_journal WHERE sequence = 1")

    assert await check(owner, till) == {"entries": 1, "is_intact": False, "broken_at": 1}


async def test_the_journal_can_be_verified_by_sql_alone(
    owner: Client, till: Till, make_product: ProductFactory, uow: UnitOfWork
) -> None:
    """Rule 40: verification works without the application."""
    await sell(owner, sale_in(till, [line_in(await make_product())], 249))

    fits = await uow.read_value(
        """
        SELECT bool_and(hash = encode(sha256(convert_to(previous_hash || E'\\n' || payload, 'UTF8')), 'hex'))
        FROM pos_journal
        """
    )

    assert fits is True


async def test_the_journal_of_an_unknown_register_is_not_found(owner: Client, till: Till) -> None:
    answer = await owner.get(f"/api/v1/pos/registers/{ids.new_id()}/journal/check")

    assert (answer.status_code, answer.json()["code"]) == (404, "pos.unknown_register")


async def test_a_cashier_does_not_check_journals(cashier: Client, till: Till) -> None:
    answer = await cashier.get(f"/api/v1/pos/registers/{till.register_id}/journal/check")

    assert answer.status_code == 403
