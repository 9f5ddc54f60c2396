"""The constraints of the till, tried by plain SQL: the database's own word on money and shifts."""

from typing import Any

import asyncpg
import pytest
from shopfloor import (
    ProductFactory,
    Till,
    back_in,
    give_back,
    line_in,
    refund_in,
    sale_in,
    sell,
    tender_in,
)

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener

COPIES = """
INSERT INTO {table}
SELECT (jsonb_populate_record(one, $1::jsonb)).* FROM {table} AS one LIMIT 1
"""


async def write(open_work: WorkOpener, sql: str, *values: object) -> None:
    """Run a statement in a unit of work of its own."""
    async with open_work(SYSTEM) as uow:
        await uow.write(sql, *values)


async def copy(open_work: WorkOpener, table: str, change: str) -> None:
    """Insert a copy of a row with changes (JSON), past everything but the constraints."""
    await write(open_work, COPIES.format(table=table), change)


def json_of(**values: object) -> str:
    """Return the values as JSON; numbers and null are written by the caller."""
    return "{" + ", ".join(f'"{name}": {value}' for name, value in values.items()) + "}"


def new_id() -> str:
    """Return a new id as JSON."""
    return f'"{ids.new_id()}"'


async def test_a_register_has_one_open_shift(open_work: WorkOpener, till: Till) -> None:
    """Rule 23."""
    with pytest.raises(asyncpg.UniqueViolationError, match="uq_pos_shift_open"):
        await copy(open_work, "pos_shift", json_of(id=new_id()))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"float_minor": -1}, "float_not_negative"),
        (
            {"closed_at": '"2026-11-21T10:00:00Z"', "counted_minor": -1, "expected_minor": 0, "difference_minor": -1},
            "count_not_negative",
        ),
        (
            {"closed_at": '"2026-11-21T10:00:00Z"', "counted_minor": 5, "expected_minor": 3, "difference_minor": 1},
            "difference_adds_up",
        ),
        ({"closed_at": '"2026-11-21T10:00:00Z"'}, "closed_with_a_count"),
        ({"counted_minor": 5, "expected_minor": 5, "difference_minor": 0}, "closed_with_a_count"),
    ],
)
async def test_a_shift_adds_up(open_work: WorkOpener, till: Till, change: dict[str, object], constraint: str) -> None:
    """Rule 21."""
    with pytest.raises(asyncpg.CheckViolationError, match=f"ck_pos_shift_{constraint}"):
        await copy(open_work, "pos_shift", json_of(id=new_id(), **change))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"cash_rounding_minor": 1}, "ck_pos_sale_payable_adds_up"),
        ({"tax_minor": 0}, "ck_pos_sale_total_adds_up"),
        ({"cash_minor": 299}, "ck_pos_sale_paid_in_full"),
        ({"change_minor": 301, "cash_minor": 300, "card_minor": 250}, "ck_pos_sale_change_from_cash"),
        ({"change_minor": -1, "cash_minor": 248}, "ck_pos_sale_change_from_cash"),
        ({"lines_count": 0}, "ck_pos_sale_figures_in_range"),
        ({"discount_minor": -1}, "ck_pos_sale_figures_in_range"),
    ],
)
async def test_a_sale_adds_up_and_is_paid_in_full(
    cashier: Client,
    till: Till,
    make_product: ProductFactory,
    open_work: WorkOpener,
    change: dict[str, object],
    constraint: str,
) -> None:
    """Rules 4, 7 and 8."""
    await sell(cashier, sale_in(till, [line_in(await make_product())], 249, tenders=[tender_in(300)]))
    other = json_of(id=new_id(), number=2, receipt_number='"HS1-000002"', **change)

    with pytest.raises(asyncpg.CheckViolationError, match=constraint):
        await copy(open_work, "pos_sale", other)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"id": new_id(), "number": 2}, "uq_pos_sale_receipt_number"),
        ({"id": new_id(), "receipt_number": '"HS1-000002"'}, "uq_pos_sale_register_id_number"),
        ({"number": 2, "receipt_number": '"HS1-000002"'}, "pk_pos_sale"),
    ],
)
async def test_numbers_and_ids_are_given_once(
    cashier: Client,
    till: Till,
    make_product: ProductFactory,
    open_work: WorkOpener,
    change: dict[str, object],
    constraint: str,
) -> None:
    """Rule 17."""
    await sell(cashier, sale_in(till, [line_in(await make_product())], 249))

    with pytest.raises(asyncpg.UniqueViolationError, match=constraint):
        await copy(open_work, "pos_sale", json_of(**change))


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        ("pos_sale_line", {"position": 1, "quantity": 0}, "ck_pos_sale_line_quantity_positive"),
        ("pos_sale_line", {"position": 1, "unit_price": -1}, "ck_pos_sale_line_price_not_negative"),
        ("pos_sale_line", {"position": 1, "total_minor": 248}, "ck_pos_sale_line_total_adds_up"),
        ("pos_sale_line", {"position": 1, "discount_minor": -1, "total_minor": 250}, "ck_pos_sale_line_in_range"),
        ("pos_sale_tax", {"rate": 5, "gross_minor": 1}, "ck_pos_sale_tax_gross_adds_up"),
        ("pos_payment", {"position": 1, "kind": '"cheque"'}, "ck_pos_payment_kind_known"),
        ("pos_payment", {"position": 1, "amount_minor": -1}, "ck_pos_payment_amount_in_range"),
        ("pos_payment", {"position": 1, "kind": '"card"', "amount_minor": 0}, "ck_pos_payment_amount_in_range"),
        ("pos_payment", {"position": 1, "card_last4": '"4242424242424242"'}, "ck_pos_payment_last_four_only"),
        ("pos_journal", {"sequence": 9, "kind": '"gift"'}, "ck_pos_journal_kind_listed"),
        ("pos_journal", {"sequence": 9, "hash": '"short"'}, "ck_pos_journal_hash_form"),
        ("pos_register", {"code": '"hs-1"', "next_number": 1}, "ck_pos_register_code_form"),
        ("pos_register", {"code": '"HS9"', "next_number": 0}, "ck_pos_register_next_number_positive"),
    ],
)
async def test_parts_of_a_sale_are_in_range(
    cashier: Client,
    till: Till,
    make_product: ProductFactory,
    open_work: WorkOpener,
    table: str,
    change: dict[str, object],
    constraint: str,
) -> None:
    """Rules 5, 7, 17, 40 and 42."""
    await sell(cashier, sale_in(till, [line_in(await make_product())], 249))
    key = {} if table in {"pos_sale_tax", "pos_journal"} else {"id": new_id()}

    with pytest.raises(asyncpg.CheckViolationError, match=constraint):
        await copy(open_work, table, json_of(**key, **change))


async def test_a_terminal_reference_pays_a_sale_once(
    cashier: Client, till: Till, make_product: ProductFactory, open_work: WorkOpener
) -> None:
    """Rule 20."""
    card = tender_in(249, "card", reference="T-1")
    await sell(cashier, sale_in(till, [line_in(await make_product())], 249, tenders=[card]))

    with pytest.raises(asyncpg.UniqueViolationError, match="uq_pos_payment_sale_id_reference"):
        await copy(open_work, "pos_payment", json_of(id=new_id(), position=1))


@pytest.fixture
async def refunded(owner: Client, till: Till, make_product: ProductFactory) -> dict[str, Any]:
    """A refund of one of two pieces, in cash, of a sale that was partly paid by card."""
    tenders = [tender_in(200, "card"), tender_in(298)]
    sale = await sell(owner, sale_in(till, [line_in(await make_product(), "2")], 498, tenders=tenders))
    return await give_back(owner, refund_in(till, sale, [back_in(sale)], 249))


@pytest.mark.parametrize(
    ("table", "change", "constraint"),
    [
        ("pos_refund", {"cash_rounding_minor": 1}, "ck_pos_refund_payable_adds_up"),
        ("pos_refund", {"tax_minor": 0}, "ck_pos_refund_total_adds_up"),
        ("pos_refund", {"cash_minor": 248}, "ck_pos_refund_paid_out"),
        ("pos_refund", {"cash_minor": -1, "card_minor": 250}, "ck_pos_refund_figures_in_range"),
        ("pos_refund", {"lines_count": 0}, "ck_pos_refund_figures_in_range"),
        ("pos_refund_line", {"quantity": 0}, "ck_pos_refund_line_quantity_positive"),
        ("pos_refund_line", {"goods": '"eaten"'}, "ck_pos_refund_line_goods_known"),
        ("pos_refund_line", {"net_minor": -1}, "ck_pos_refund_line_in_range"),
        ("pos_refund_line", {"total_minor": 1}, "ck_pos_refund_line_in_range"),
        ("pos_refund_tax", {"rate": 5, "gross_minor": 1}, "ck_pos_refund_tax_gross_adds_up"),
        ("pos_refund_payment", {"kind": '"cheque"'}, "ck_pos_refund_payment_kind_known"),
        ("pos_refund_payment", {"amount_minor": 0, "kind": '"card"'}, "ck_pos_refund_payment_amount_in_range"),
        ("pos_refund_payment", {"card_last4": '"4242424242424242"'}, "ck_pos_refund_payment_last_four_only"),
    ],
)
async def test_a_refund_adds_up(
    refunded: dict[str, Any], open_work: WorkOpener, table: str, change: dict[str, object], constraint: str
) -> None:
    """Rules 15 and 42."""
    fresh = {"id": new_id(), "number": 9, "receipt_number": '"HS1-000009"', "position": 9}

    with pytest.raises(asyncpg.CheckViolationError, match=constraint):
        await copy(open_work, table, json_of(**(fresh | change)))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"id": new_id(), "number": 9}, "uq_pos_refund_receipt_number"),
        ({"id": new_id(), "receipt_number": '"HS1-000009"'}, "uq_pos_refund_register_id_number"),
        ({"number": 9, "receipt_number": '"HS1-000009"'}, "pk_pos_refund"),
    ],
)
async def test_numbers_and_ids_of_refunds_are_given_once(
    refunded: dict[str, Any], open_work: WorkOpener, change: dict[str, object], constraint: str
) -> None:
    """Rule 17."""
    with pytest.raises(asyncpg.UniqueViolationError, match=constraint):
        await copy(open_work, "pos_refund", json_of(**change))


@pytest.mark.parametrize(
    ("money", "line"),
    [
        # Once more the same, when one of two is left; a cent too much; all goods and not all of the money.
        ({}, {"quantity": 2}),
        ({}, {"quantity": 1, "net_minor": 209, "total_minor": 251}),
        ({}, {"quantity": 1, "net_minor": 206, "total_minor": 248}),
        ({"net_minor": 299, "total_minor": 341, "payable_minor": 341, "cash_minor": 341}, None),
        ({"cash_minor": 48, "card_minor": 201}, None),
    ],
)
async def test_the_database_itself_gives_no_more_back_than_was_sold_and_paid(
    refunded: dict[str, Any],
    open_work: WorkOpener,
    money: dict[str, object],
    line: dict[str, object] | None,
) -> None:
    """Rule 14: past the program, by plain SQL; of 2.49 sold twice one is left, and 2.00 were paid by card."""
    again = {"id": new_id(), "number": 9, "receipt_number": '"HS1-000009"'}

    async def write_both() -> None:
        async with open_work(SYSTEM) as uow:
            await uow.write(COPIES.format(table="pos_refund"), json_of(**(again | money)))
            if line is not None:
                of_it = json_of(refund_id=again["id"], **line)
                await uow.write(COPIES.format(table="pos_refund_line"), of_it)

    with pytest.raises(asyncpg.CheckViolationError, match="would give back more"):
        await write_both()


async def test_the_rest_of_a_line_may_come_back(refunded: dict[str, Any], open_work: WorkOpener) -> None:
    """So that the refusals above are of what is wrong with them."""
    again = new_id()
    async with open_work(SYSTEM) as uow:
        head = json_of(id=again, number=9, receipt_number='"HS1-000009"')
        await uow.write(COPIES.format(table="pos_refund"), head)
        # The tax of 4.98 is 0.83, of which 0.42 went with the first.
        rest = json_of(refund_id=again, net_minor=208, tax_minor=41)
        await uow.write(COPIES.format(table="pos_refund_line"), rest)
        assert await uow.read_value("SELECT sum(quantity)::int FROM pos_refund_line") == 2
