"""The shop's routes: set up once, read by everybody who works there, changed by the owner."""

from typing import Any

import pytest
from shopfloor import business_in, created, store_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock
from mainstay.work import UnitOfWork

SHOP = "/api/v1/shop"
STORES = "/api/v1/shop/stores"
RATES = "/api/v1/shop/tax-rates"


async def assert_refused(client: Client, path: str, body: dict[str, Any], status: int, code: str) -> dict[str, Any]:
    """Post, expect a refusal, and return the problem."""
    answer = await client.post(path, json=body)
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    return problem


async def rows_of_the_shop(uow: UnitOfWork) -> int:
    """Return how many rows the module has in all its tables."""
    return int(
        await uow.read_value(
            "SELECT (SELECT count(*) FROM shop_business) + (SELECT count(*) FROM shop_store)"
            " + (SELECT count(*) FROM shop_tax_rate)"
        )
    )


async def test_before_the_set_up_there_is_no_business(cashier: Client) -> None:
    answer = await cashier.get(SHOP)
    assert (answer.status_code, answer.json()) == (200, {"business": None, "stores": [], "tax_rates": []})


async def test_the_owner_sets_up_the_business_and_everybody_sees_it(
    owner: Client, cashier: Client, clock: FrozenClock
) -> None:
    store = store_in(
        cash_rounding={"increment_minor": 5, "due_tie": "half_up", "change_tie": "half_down", "above_minor": 5},
        negative_stock="allow",
    )

    made = await created(owner, SHOP, business_in(store))

    assert made == (await cashier.get(SHOP)).json()
    assert made["business"] == {
        "name": "Harbour Trading",
        "currency": "EUR",
        "currency_exponent": 2,
        "country": "FR",
        "time_zone": "Europe/Paris",
    }
    assert made["stores"] == [store | {"business_day": "2026-11-21"}]
    assert [rate["rate"] for rate in made["tax_rates"]] == ["20", "10", "5.5"]


async def test_the_set_up_is_announced(owner: Client, uow: UnitOfWork) -> None:
    store = store_in()
    await created(owner, SHOP, business_in(store))

    events = await uow.read("SELECT name, payload FROM mainstay_event ORDER BY position")

    assert [(event["name"], event["payload"]) for event in events] == [
        ("shop.business_set_up", {"currency": "EUR", "country": "FR"}),
        ("shop.store_added", {"store_id": store["id"], "code": "HS"}),
    ]


async def test_the_same_set_up_again_changes_nothing(owner: Client, uow: UnitOfWork) -> None:
    """Rule 19: whoever did not hear the answer asks again."""
    body = business_in(store_in())
    first = await created(owner, SHOP, body)

    again = await owner.post(SHOP, json=body)

    assert (again.status_code, again.json()) == (201, first)
    assert await rows_of_the_shop(uow) == 5


@pytest.mark.parametrize(
    "change",
    [{"name": "Other"}, {"country": "BE"}, {"tax_rates": [{"rate": "20", "name": "VAT"}]}, {"store": store_in()}],
)
async def test_another_set_up_is_refused(owner: Client, uow: UnitOfWork, change: dict[str, Any]) -> None:
    body = business_in(store_in())
    await created(owner, SHOP, body)

    await assert_refused(owner, SHOP, body | change, 409, "shop.already_set_up")

    assert await rows_of_the_shop(uow) == 5


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"currency": "XXX"}, "currency", "money.unknown_currency"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "unknown_zone"),
        ({"time_zone": "localtime"}, "time_zone", "unknown_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone", "unknown_zone"),
        ({"store": store_in(time_zone="Europe/Nowhere")}, "store.time_zone", "unknown_zone"),
        ({"tax_rates": [{"rate": "20", "name": "A"}, {"rate": "20.0", "name": "B"}]}, "tax_rates", "duplicate"),
    ],
)
async def test_settings_that_do_not_exist_are_refused(
    owner: Client, uow: UnitOfWork, change: dict[str, Any], field: str, code: str
) -> None:
    problem = await assert_refused(owner, SHOP, business_in(store_in()) | change, 422, "shop.invalid_setting")

    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert await rows_of_the_shop(uow) == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"currency": "eur"}, "currency"),
        ({"country": "France"}, "country"),
        ({"tax_rates": []}, "tax_rates"),
        ({"tax_rates": [{"rate": 5.5, "name": "VAT"}]}, "tax_rates.0.rate"),
        ({"tax_rates": [{"rate": "-1", "name": "VAT"}]}, "tax_rates.0.rate"),
        ({"tax_rates": [{"rate": "NaN", "name": "VAT"}]}, "tax_rates.0.rate"),
        ({"tax_rates": [{"rate": "100.1", "name": "VAT"}]}, "tax_rates.0.rate"),
        ({"store": store_in(code="hs")}, "store.code"),
        ({"store": store_in(day_cutoff="4:00")}, "store.day_cutoff"),
        ({"store": store_in(day_cutoff="25:00")}, "store.day_cutoff"),
        ({"store": store_in(day_cutoff=4)}, "store.day_cutoff"),
        ({"store": store_in(rounding_mode="nearest")}, "store.rounding_mode"),
        ({"store": store_in(cash_rounding={"increment_minor": 0})}, "store.cash_rounding.increment_minor"),
        ({"store": store_in(receipt_header=["x" * 43])}, "store.receipt_header.0"),
        ({"store": store_in(receipt_footer=["x"] * 11)}, "store.receipt_footer"),
        ({"store": store_in(unknown=1)}, "store.unknown"),
    ],
)
async def test_malformed_input_is_refused(owner: Client, uow: UnitOfWork, change: dict[str, Any], field: str) -> None:
    problem = await assert_refused(owner, SHOP, business_in(store_in()) | change, 422, "invalid_input")

    assert field in {error["field"] for error in problem["errors"]}
    assert await rows_of_the_shop(uow) == 0


async def test_names_keep_the_letters_of_every_script(owner: Client) -> None:
    """Rule 33: joiners are part of a name, and composed and decomposed letters are the same."""
    name = "نان‌فروشی Cafe\u0301"
    made = await created(owner, SHOP, business_in(store_in()) | {"name": name})
    assert made["business"]["name"] == "نان‌فروشی Café"


async def test_a_cashier_changes_nothing(cashier: Client, uow: UnitOfWork) -> None:
    await assert_refused(cashier, SHOP, business_in(store_in()), 403, "not_allowed")
    await assert_refused(cashier, STORES, store_in(), 403, "not_allowed")
    await assert_refused(cashier, RATES, {"rate": "7", "name": "VAT"}, 403, "not_allowed")
    assert await rows_of_the_shop(uow) == 0


async def test_nobody_sees_the_shop_without_signing_in(api: Client) -> None:
    assert (await api.get(SHOP)).status_code == 401
    assert (await api.post(SHOP, json=business_in(store_in()))).status_code == 401


async def test_a_store_is_added_once(owner: Client, uow: UnitOfWork) -> None:
    await created(owner, SHOP, business_in(store_in()))
    second = store_in(code="MA", name="Market")

    made = await created(owner, STORES, second)
    again = await created(owner, STORES, second)

    assert made == again
    assert made["name"] == "Market"
    assert [store["code"] for store in (await owner.get(SHOP)).json()["stores"]] == ["HS", "MA"]
    assert await uow.read_value("SELECT count(*) FROM mainstay_event WHERE name = 'shop.store_added'") == 2


async def test_store_codes_and_ids_are_taken_once(owner: Client) -> None:
    first = store_in()
    await created(owner, SHOP, business_in(first))

    problem = await assert_refused(owner, STORES, store_in(), 409, "shop.store_code_taken")
    await assert_refused(owner, STORES, first | {"name": "Other"}, 409, "shop.store_id_reused")

    assert "HS" in problem["detail"]


async def test_a_store_needs_a_business_and_a_zone(owner: Client) -> None:
    await assert_refused(owner, STORES, store_in(), 409, "shop.not_set_up")
    await created(owner, SHOP, business_in(store_in()))
    await assert_refused(owner, STORES, store_in(code="B", time_zone="Nowhere/Land"), 422, "shop.invalid_setting")


async def test_a_tax_rate_is_added_at_the_end(owner: Client, uow: UnitOfWork) -> None:
    await assert_refused(owner, RATES, {"rate": "7", "name": "VAT 7 %"}, 409, "shop.not_set_up")
    await created(owner, SHOP, business_in(store_in()))

    made = await created(owner, RATES, {"rate": "2.10", "name": "VAT 2.1 %"})
    again = await created(owner, RATES, {"rate": "2.1", "name": "VAT 2.1 %"})

    assert made == again == {"rate": "2.1", "name": "VAT 2.1 %"}
    assert [rate["rate"] for rate in (await owner.get(SHOP)).json()["tax_rates"]] == ["20", "10", "5.5", "2.1"]
    assert await uow.read_value("SELECT payload FROM mainstay_event WHERE name = 'shop.tax_rate_added'") == {
        "rate": "2.1"
    }


async def test_a_tax_rate_has_one_name(owner: Client) -> None:
    await created(owner, SHOP, business_in(store_in()))
    await assert_refused(owner, RATES, {"rate": "20.00", "name": "Another name"}, 409, "shop.tax_rate_taken")


async def test_a_store_id_is_an_id(owner: Client) -> None:
    await assert_refused(owner, STORES, store_in(id="1"), 422, "invalid_input")
    assert str(ids.new_id()) not in (await owner.get(SHOP)).text
