"""The constraints of the till, tried by plain SQL: the database's own word on money and shifts."""

import asyncpg
import pytest
from shopfloor import ProductFactory, Till, line_in, sale_in, sell, tender_in

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
        ("pos_journal", {"sequence": 9, "kind": '"refund"'}, "ck_pos_journal_kind_known"),
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
