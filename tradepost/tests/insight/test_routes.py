"""The numbers over HTTP: today's figures, the business day through both changes of the clock, and who may see them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from shopfloor import (
    Product,
    ProductFactory,
    Till,
    TillFactory,
    add_till,
    back_in,
    give_back,
    line_in,
    product_factory,
    refund_in,
    sale_in,
    sell,
    store_in,
    tender_in,
)

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock

TODAY = "/api/v1/insight/today"
PARIS_SPRING = "2026-03-29"
PARIS_AUTUMN = "2026-10-25"


async def today(client: Client, **query: str) -> dict[str, Any]:
    """Return the figures of the present business day."""
    answer = await client.get(TODAY, params=query)
    assert answer.status_code == 200, answer.text
    figures: dict[str, Any] = answer.json()
    return figures


async def test_before_the_first_sale_everything_is_nothing(owner: Client, till: Till) -> None:
    figures = await today(owner)

    assert (figures["takings_minor"], figures["tickets"], figures["average_minor"], figures["items"]) == (0, 0, 0, "0")
    assert (figures["top_sellers"], figures["by_hour"]) == ([], [])


def best_seller(product: Product, quantity: str, unit: str, total_minor: int) -> dict[str, object]:
    """Return a best seller as the figures show it."""
    return {
        "variant_id": str(product.variant_id),
        "name": product.name,
        "quantity": quantity,
        "unit": unit,
        "total_minor": total_minor,
    }


NO_REFUNDS = {"refunds": 0, "refunded_minor": 0}


async def test_three_sales_make_exactly_these_figures(
    owner: Client, till: Till, make_product: ProductFactory, clock: FrozenClock
) -> None:
    """Takings are what was paid, an average is rounded half up, goods by weight are one item a line."""
    bread = await make_product(price="2.49")
    ham = await make_product(price="19.90", unit="kg", tax_rate="5.5")
    await sell(owner, sale_in(till, [line_in(bread, "2"), line_in(ham, "0.250")], 996))
    clock.move(timedelta(hours=1))
    await sell(owner, sale_in(till, [line_in(bread)], 249))
    await sell(owner, sale_in(till, [line_in(ham, "0.100")], 199))

    figures = await today(owner)

    assert figures == {
        "business_day": "2026-11-21",
        "currency": "EUR",
        "takings_minor": 1444,
        "tickets": 3,
        **NO_REFUNDS,
        "average_minor": 481,
        "items": "5",
        "stores": [
            {
                "store_id": str(till.store_id),
                "name": "Harbour Street",
                "business_day": "2026-11-21",
                "takings_minor": 1444,
                "tickets": 3,
                **NO_REFUNDS,
            }
        ],
        "top_sellers": [
            best_seller(bread, "3", "piece", 747),
            best_seller(ham, "0.35", "kg", 697),
        ],
        "by_hour": [{"hour": 11, "takings_minor": 996}, {"hour": 12, "takings_minor": 448}],
        "position": figures["position"],
    }
    assert figures["position"] > 0


async def test_the_figures_are_what_was_paid_after_cash_rounding(open_till: TillFactory, owner: Client) -> None:
    """Rule 8: 2.48 paid in cash where the smallest coin is five cents."""
    till = await open_till(cash_rounding={"increment_minor": 5, "due_tie": "half_up", "change_tie": "half_up"})
    product = await product_factory(owner, till)(price="2.48")
    await sell(owner, sale_in(till, [line_in(product)], 248, tenders=[tender_in(250)]))

    assert (await today(owner))["takings_minor"] == 250


async def test_stores_are_not_mixed(owner: Client, till: Till, make_product: ProductFactory) -> None:
    market = store_in(code="MA", name="Market")
    assert (await owner.post("/api/v1/shop/stores", json=market)).status_code == 201
    other = await add_till(owner, UUID(market["id"]), "MA1")
    product = await make_product()
    await sell(owner, sale_in(till, [line_in(product)], 249))
    await sell(owner, sale_in(other, [line_in(product, "2")], 498))

    one, two, both = (
        await today(owner, store_id=str(till.store_id)),
        await today(owner, store_id=str(other.store_id)),
        await today(owner),
    )

    assert [(figures["takings_minor"], figures["tickets"]) for figures in (one, two, both)] == [
        (249, 1),
        (498, 1),
        (747, 2),
    ]
    assert [store["name"] for store in one["stores"]] == ["Harbour Street"]
    assert [(store["name"], store["takings_minor"]) for store in both["stores"]] == [
        ("Harbour Street", 249),
        ("Market", 498),
    ]
    assert [best["quantity"] for best in both["top_sellers"]] == ["3"]


async def test_pieces_and_kilograms_of_one_product_make_no_sum(
    owner: Client, till: Till, make_product: ProductFactory
) -> None:
    """Rule 29: the unit of a product was changed in the middle of the day."""
    product = await make_product(price="2.00")
    await sell(owner, sale_in(till, [line_in(product, "2")], 400))
    path = f"/api/v1/catalog/variants/{product.variant_id}"
    version = (await owner.get(f"/api/v1/catalog/products/{product.id}")).json()["variants"][0]["version"]
    change = {"version": version, "unit": "kg", "quantity_step": "0.1"}
    assert (await owner.patch(path, json=change)).status_code == 200
    await sell(owner, sale_in(till, [line_in(product, "0.5")], 100))

    best = (await today(owner))["top_sellers"]

    assert [(seller["quantity"], seller["unit"]) for seller in best] == [("2", "piece"), ("0.5", "kg")]


async def test_no_more_than_ten_best_sellers_are_shown_the_best_first(
    owner: Client, till: Till, make_product: ProductFactory
) -> None:
    products = [await make_product(price=f"{number}.00") for number in range(1, 13)]
    await sell(owner, sale_in(till, [line_in(product) for product in products], 7800))

    best = (await today(owner))["top_sellers"]

    assert [seller["total_minor"] for seller in best] == [100 * number for number in range(12, 2, -1)]


@pytest.mark.parametrize(
    ("moment", "day", "hour"),
    [
        # The cut-off at 04:00 Paris time, in winter (UTC+1) and in summer (UTC+2).
        ("2026-11-21T02:59:59+00:00", "2026-11-20", 3),
        ("2026-11-21T03:00:00+00:00", "2026-11-21", 4),
        ("2026-07-01T01:59:59+00:00", "2026-06-30", 3),
        ("2026-07-01T02:00:00+00:00", "2026-07-01", 4),
        # The clock goes from 02:00 to 03:00 at 01:00 UTC: the cut-off comes an hour sooner.
        (f"{PARIS_SPRING}T00:59:59+00:00", "2026-03-28", 1),
        (f"{PARIS_SPRING}T01:00:00+00:00", "2026-03-28", 3),
        (f"{PARIS_SPRING}T01:59:59+00:00", "2026-03-28", 3),
        (f"{PARIS_SPRING}T02:00:00+00:00", PARIS_SPRING, 4),
        # The clock goes from 03:00 back to 02:00 at 01:00 UTC: the cut-off comes an hour later.
        (f"{PARIS_AUTUMN}T00:59:59+00:00", "2026-10-24", 2),
        (f"{PARIS_AUTUMN}T01:00:00+00:00", "2026-10-24", 2),
        (f"{PARIS_AUTUMN}T02:59:59+00:00", "2026-10-24", 3),
        (f"{PARIS_AUTUMN}T03:00:00+00:00", PARIS_AUTUMN, 4),
    ],
)
async def test_a_sale_belongs_to_the_business_day_of_its_store(
    owner: Client, clock: FrozenClock, open_till: TillFactory, moment: str, day: str, hour: int
) -> None:
    """Rule 24: zone and cut-off, through both changes of the clock; the boundary belongs to the new day."""
    clock.move_to(datetime.fromisoformat(moment))
    till = await open_till()
    product = await product_factory(owner, till)()

    sold = await sell(owner, sale_in(till, [line_in(product)], 249))

    figures = await today(owner)
    assert (sold["business_day"], figures["business_day"], figures["takings_minor"]) == (day, day, 249)
    assert figures["by_hour"] == [{"hour": hour, "takings_minor": 249}]


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-11-21", 24), ("2026-03-28", 23), ("2026-10-24", 25)], ids=["usual", "spring", "autumn"]
)
async def test_a_day_ends_when_the_next_one_begins(
    owner: Client, clock: FrozenClock, open_till: TillFactory, day: str, hours: int
) -> None:
    """Rule 24: half-open ranges of 23, 24 or 25 hours; yesterday's takings leave with the cut-off and no sale."""
    clock.move_to(datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC))
    till = await open_till()
    start = day_start(day)
    clock.move_to(start)
    product = await product_factory(owner, till)()
    await sell(owner, sale_in(till, [line_in(product)], 249))

    clock.move_to(start + timedelta(hours=hours, seconds=-1))
    last = await today(owner)
    clock.move_to(start + timedelta(hours=hours))
    first = await today(owner)

    assert (last["business_day"], last["takings_minor"]) == (day, 249)
    assert (first["business_day"], first["takings_minor"]) == (next_day(day), 0)


def day_start(day: str) -> datetime:
    """Return when a business day begins in Paris, 04:00, with the offset written down by hand."""
    offset = {"2026-11-21": 1, "2026-03-28": 1, "2026-10-24": 2}[day]
    return datetime.fromisoformat(f"{day}T04:00:00").replace(tzinfo=UTC) - timedelta(hours=offset)


def next_day(day: str) -> str:
    """Return the day after."""
    return (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()


async def test_stores_in_different_zones_have_their_own_days(
    owner: Client, clock: FrozenClock, till: Till, make_product: ProductFactory
) -> None:
    """Rule 24: at 02:00 UTC Tokyo is in its 21st while Paris still counts the 20th."""
    tokyo = store_in(code="TK", name="Tokyo", time_zone="Asia/Tokyo")
    assert (await owner.post("/api/v1/shop/stores", json=tokyo)).status_code == 201
    other = await add_till(owner, UUID(tokyo["id"]), "TK1")
    clock.move_to(datetime(2026, 11, 21, 2, tzinfo=UTC))
    product = await make_product()
    for place in (till, other):
        await sell(owner, sale_in(place, [line_in(product)], 249))

    figures = await today(owner)

    assert figures["takings_minor"] == 498
    assert [(store["name"], store["business_day"]) for store in figures["stores"]] == [
        ("Harbour Street", "2026-11-20"),
        ("Tokyo", "2026-11-21"),
    ]
    assert [hour["hour"] for hour in figures["by_hour"]] == [3, 11]


@pytest.mark.parametrize("path", [TODAY, f"{TODAY}/stream"])
async def test_an_unknown_store_is_not_found(owner: Client, till: Till, path: str) -> None:
    answer = await owner.get(path, params={"store_id": str(ids.new_id())})

    assert (answer.status_code, answer.json()["code"]) == (404, "shop.unknown_store")


async def test_a_store_id_that_is_none_is_refused(owner: Client, till: Till) -> None:
    answer = await owner.get(TODAY, params={"store_id": "harbour"})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("path", [TODAY, f"{TODAY}/stream"])
async def test_before_the_set_up_there_is_nothing_to_count(owner: Client, path: str) -> None:
    answer = await owner.get(path)

    assert (answer.status_code, answer.json()["code"]) == (409, "shop.not_set_up")


@pytest.mark.parametrize("path", [TODAY, f"{TODAY}/stream"])
async def test_a_cashier_does_not_see_the_numbers(cashier: Client, till: Till, path: str) -> None:
    answer = await cashier.get(path)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("path", [TODAY, f"{TODAY}/stream"])
async def test_nobody_sees_the_numbers_without_signing_in(api: Client, path: str) -> None:
    answer = await api.get(path)

    assert (answer.status_code, answer.json()["code"]) == (401, "identity.not_signed_in")


async def test_refunds_count_on_their_own_day_at_their_own_hour_and_never_as_tickets(
    owner: Client, till: Till, make_product: ProductFactory, clock: FrozenClock
) -> None:
    """Rules 15 and 24: bread for 2.49 comes back the next day, an hour before cheese is sold."""
    bread, cheese = await make_product(), await make_product(price="10.00", unit="kg")
    clock.move_to(datetime(2026, 11, 20, 10, tzinfo=UTC))
    sale = await sell(owner, sale_in(till, [line_in(bread, "3")], 747))
    clock.move_to(datetime(2026, 11, 21, 10, tzinfo=UTC))
    await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))
    clock.move_to(datetime(2026, 11, 21, 11, tzinfo=UTC))
    await sell(owner, sale_in(till, [line_in(cheese, "0.500")], 500))

    figures = await today(owner)

    counted = ("takings_minor", "tickets", "refunds", "refunded_minor", "average_minor", "items")
    assert [figures[name] for name in counted] == [251, 1, 1, 249, 500, "0"]
    assert figures["by_hour"] == [{"hour": 11, "takings_minor": -249}, {"hour": 12, "takings_minor": 500}]
    assert [best["variant_id"] for best in figures["top_sellers"]] == [str(cheese.variant_id)]


async def test_goods_by_weight_are_an_item_until_all_of_the_line_is_back(
    owner: Client, till: Till, make_product: ProductFactory
) -> None:
    """Red when each refund takes one: a line that came back in three parts was three items less than it was sold as."""
    ham = await make_product(price="10.00", unit="kg")
    sale = await sell(owner, sale_in(till, [line_in(ham, "1.500")], 1500))
    items = []
    for _ in range(3):
        await give_back(owner, refund_in(till, sale, [back_in(sale, quantity="0.5")], 500))
        items.append((await today(owner))["items"])

    assert items == ["1", "1", "0"]
