"""What the database itself refuses of a shop."""

import asyncpg
import pytest
from shopfloor import business_in, store_in

from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.shop.schemas import BusinessIn
from tradepost.shop.service import business


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("INSERT INTO shop_business VALUES (false, 'B', 'EUR', 'FR', 'UTC')", "ck_shop_business_only_one"),
        ("INSERT INTO shop_business VALUES (true, 'B', 'EUR', 'FR', 'UTC')", "pk_shop_business"),
        ("UPDATE shop_business SET currency = 'euro'", "ck_shop_business_currency_form"),
        ("UPDATE shop_business SET country = 'fr'", "ck_shop_business_country_form"),
        ("UPDATE shop_business SET name = ''", "ck_shop_business_name_given"),
        ("INSERT INTO shop_tax_rate VALUES (20, 'again', 9)", "pk_shop_tax_rate"),
        ("INSERT INTO shop_tax_rate VALUES (101, 'high', 9)", "ck_shop_tax_rate_rate_in_range"),
        ("INSERT INTO shop_tax_rate VALUES (-1, 'low', 9)", "ck_shop_tax_rate_rate_in_range"),
        ("UPDATE shop_store SET code = 'h s'", "ck_shop_store_code_form"),
        ("UPDATE shop_store SET rounding_level = 'ticket'", "ck_shop_store_rounding_level_known"),
        ("UPDATE shop_store SET rounding_mode = 'nearest'", "ck_shop_store_rounding_mode_known"),
        ("UPDATE shop_store SET negative_stock = 'maybe'", "ck_shop_store_negative_stock_known"),
        ("UPDATE shop_store SET cash_increment_minor = 5", "ck_shop_store_cash_rounding_whole"),
    ],
)
async def test_what_breaks_a_rule_is_refused(open_work: WorkOpener, statement: str, constraint: str) -> None:
    async with open_work(SYSTEM) as uow:
        await business.set_up(uow, BusinessIn.model_validate(business_in(store_in())))

    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        async with open_work(SYSTEM) as uow:
            await uow.write(statement)

    assert refused.value.constraint_name == constraint


async def test_exact_rates_are_kept_exactly(owner: Client, uow: UnitOfWork) -> None:
    """Rule 1: the column is a decimal, not a float."""
    body = business_in(store_in()) | {"tax_rates": [{"rate": "0.1", "name": "A"}, {"rate": "19.6725", "name": "B"}]}
    assert (await owner.post("/api/v1/shop", json=body)).status_code == 201
    assert await uow.read_value("SELECT sum(rate)::text FROM shop_tax_rate") == "19.7725"
