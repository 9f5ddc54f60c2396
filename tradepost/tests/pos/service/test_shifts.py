"""Shifts: opened with a float, closed with a count, atomically against sales."""

import pytest
from counting import Statements, own
from shopfloor import ProductFactory, Till, created, line_in, sale_in, sell, tender_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

SHIFTS = "/api/v1/pos/shifts"


@pytest.mark.practice(42)
async def test_a_list_of_100_shifts_takes_as_many_statements_as_a_list_of_one(
    cashier: Client, till: Till, uow: UnitOfWork, statements: Statements
) -> None:
    await uow.write(
        """
        INSERT INTO pos_shift
        SELECT gen_random_uuid(), $1, 'EUR', now() - n * interval '1 day', NULL, 'Ann', 0, now(), NULL, 'Ann', 0, 0, 0
        FROM generate_series(1, 99) AS n
        """,
        till.register_id,
    )
    # The first request ends the work above.
    await cashier.get(SHIFTS)
    taken = []
    for limit in (1, 100):
        async with statements() as seen:
            page = (await cashier.get(SHIFTS, params={"limit": limit})).json()
        assert (len(page["items"]), page["total"]) == (limit, 100)
        taken.append(len(own(seen)))
    assert taken[0] == taken[1] <= 2


async def test_closing_compares_the_count_with_float_and_cash_less_change(
    cashier: Client, till: Till, make_product: ProductFactory
) -> None:
    """Rule 21: the card part is not in the drawer, and the change has left it."""
    product = await make_product(price="20.00")
    await sell(cashier, sale_in(till, [line_in(product)], 2000, tenders=[tender_in(5000)]))
    split = [tender_in(1500, "card"), tender_in(500)]
    await sell(cashier, sale_in(till, [line_in(product)], 2000, tenders=split))

    answer = await cashier.post(f"{SHIFTS}/{till.shift_id}/close", json={"counted_minor": 12450})

    shift = answer.json()
    assert (shift["expected_minor"], shift["counted_minor"], shift["difference_minor"]) == (12500, 12450, -50)
    assert (shift["cash_minor"], shift["card_minor"], shift["takings_minor"]) == (2500, 1500, 4000)
    assert shift["sales_count"] == 2


async def test_closing_twice_with_the_same_count_gives_the_same_answer(
    cashier: Client, till: Till, uow: UnitOfWork
) -> None:
    first = await cashier.post(f"{SHIFTS}/{till.shift_id}/close", json={"counted_minor": 10000})

    again = await cashier.post(f"{SHIFTS}/{till.shift_id}/close", json={"counted_minor": 10000})

    assert (first.status_code, again.json()) == (200, first.json())
    assert await uow.read_value("SELECT count(*) FROM pos_journal WHERE kind = 'shift_closed'") == 1


async def test_closing_again_with_another_count_is_refused(cashier: Client, till: Till) -> None:
    await cashier.post(f"{SHIFTS}/{till.shift_id}/close", json={"counted_minor": 10000})

    answer = await cashier.post(f"{SHIFTS}/{till.shift_id}/close", json={"counted_minor": 9000})

    assert (answer.status_code, answer.json()["code"]) == (409, "pos.shift_closed")
    assert (await cashier.get(f"{SHIFTS}/{till.shift_id}")).json()["counted_minor"] == 10000


async def test_what_is_expected_is_told_after_the_count_only(cashier: Client, till: Till) -> None:
    shift = (await cashier.get(f"{SHIFTS}/{till.shift_id}")).json()

    assert (shift["expected_minor"], shift["difference_minor"], shift["float_minor"]) == (None, None, 10000)


async def test_a_register_has_one_open_shift(cashier: Client, till: Till) -> None:
    body = {"id": str(ids.new_id()), "register_id": str(till.register_id), "float_minor": 0}

    answer = await cashier.post(SHIFTS, json=body)

    assert (answer.status_code, answer.json()["code"]) == (409, "pos.shift_already_open")
    assert answer.json()["shift_id"] == str(till.shift_id)


async def test_opening_again_with_the_same_id_is_harmless(cashier: Client, till: Till, uow: UnitOfWork) -> None:
    body = {"id": str(till.shift_id), "register_id": str(till.register_id), "float_minor": 10000}

    shift = await created(cashier, SHIFTS, body)

    assert shift["id"] == str(till.shift_id)
    assert await uow.read_value("SELECT count(*) FROM pos_shift") == 1


async def test_opening_again_with_another_float_is_refused(cashier: Client, till: Till) -> None:
    body = {"id": str(till.shift_id), "register_id": str(till.register_id), "float_minor": 1}

    answer = await cashier.post(SHIFTS, json=body)

    assert (answer.status_code, answer.json()["code"]) == (409, "pos.id_reused")


async def test_a_register_is_opened_again_after_closing(cashier: Client, till: Till) -> None:
    await cashier.post(f"{SHIFTS}/{till.shift_id}/close", json={"counted_minor": 10000})

    shift = await created(
        cashier, SHIFTS, {"id": str(ids.new_id()), "register_id": str(till.register_id), "float_minor": 5000}
    )

    listed = (await cashier.get(SHIFTS, params={"register_id": str(till.register_id)})).json()
    assert [one["id"] for one in listed["items"]] == [shift["id"], str(till.shift_id)]
    assert listed["total"] == 2


@pytest.mark.parametrize("float_minor", [-1, 10**13, 1.5, "100", None])
async def test_a_float_that_is_no_amount_is_refused(cashier: Client, till: Till, float_minor: object) -> None:
    body = {"id": str(ids.new_id()), "register_id": str(till.register_id), "float_minor": float_minor}

    answer = await cashier.post(SHIFTS, json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_unknown_shifts_and_registers_are_not_found(cashier: Client, till: Till) -> None:
    stranger = str(ids.new_id())
    body = {"id": str(ids.new_id()), "register_id": stranger, "float_minor": 0}

    answers = [
        await cashier.get(f"{SHIFTS}/{stranger}"),
        await cashier.post(f"{SHIFTS}/{stranger}/close", json={"counted_minor": 0}),
        await cashier.post(SHIFTS, json=body),
    ]

    codes = [(answer.status_code, answer.json()["code"]) for answer in answers]
    assert codes == [(404, "pos.unknown_shift"), (404, "pos.unknown_shift"), (404, "pos.unknown_register")]


async def test_opening_and_closing_are_events(cashier: Client, till: Till, uow: UnitOfWork) -> None:
    await cashier.post(f"{SHIFTS}/{till.shift_id}/close", json={"counted_minor": 10100})

    rows = await uow.read("SELECT name, payload FROM mainstay_event WHERE name LIKE 'pos.shift_%' ORDER BY position")

    assert [row["name"] for row in rows] == ["pos.shift_opened", "pos.shift_closed"]
    assert rows[1]["payload"]["difference_minor"] == 100
