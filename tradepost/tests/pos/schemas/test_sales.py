"""What the till's routes take: exact text for quantities, whole minor units for money, and nothing unknown."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from shopfloor import Till, sale_in, tender_in

from mainstay import ids
from tradepost.pos.schemas.sales import DiscountIn, RegisterIn, SaleIn, SaleLineIn, TenderIn

TILL = Till(ids.new_id(), ids.new_id(), ids.new_id())


def line(**changed: object) -> dict[str, Any]:
    """Return a line as JSON brings it."""
    return {"id": str(ids.new_id()), "variant_id": str(ids.new_id()), "quantity": "1"} | changed


@pytest.mark.parametrize(
    ("written", "kept"), [("1", "1"), ("1.0", "1"), ("1.500", "1.5"), ("0.001", "0.001"), ("1000000", "1000000")]
)
def test_equal_quantities_have_equal_text(written: str, kept: str) -> None:
    """Rule 18: a repeat that writes 1.0 for 1 has the same content."""
    assert str(SaleLineIn.model_validate(line(quantity=written)).quantity) == kept


@pytest.mark.parametrize(
    "quantity", [1.0, 0.5, "0", "-1", "1.0001", "1000000.001", "NaN", "Infinity", "1e7", "", "two", None, True, []]
)
def test_what_is_no_exact_quantity_is_refused(quantity: object) -> None:
    """Rules 1 and 29."""
    with pytest.raises(ValidationError):
        SaleLineIn.model_validate(line(quantity=quantity))


@pytest.mark.parametrize("amount", [1.0, 2.49, "249", -1, 10**12 + 1, None, True, [249]])
def test_money_is_whole_minor_units(amount: object) -> None:
    """Rule 1."""
    with pytest.raises(ValidationError):
        TenderIn.model_validate(tender_in(249) | {"amount_minor": amount})


@pytest.mark.parametrize(
    "discount",
    [
        {"kind": "percent", "value": "12.5"},
        {"kind": "percent", "value": "100"},
        {"kind": "amount", "value_minor": 1},
    ],
)
def test_a_discount_is_a_percentage_or_an_amount(discount: dict[str, object]) -> None:
    assert DiscountIn.model_validate(discount).kind == discount["kind"]


@pytest.mark.parametrize(
    "discount",
    [
        {"kind": "percent"},
        {"kind": "amount"},
        {"kind": "percent", "value_minor": 50},
        {"kind": "amount", "value": "10"},
        {"kind": "percent", "value": "10", "value_minor": 50},
        {"kind": "percent", "value": "0"},
        {"kind": "percent", "value": "100.0001"},
        {"kind": "percent", "value": "1.00001"},
        {"kind": "percent", "value": 12.5},
        {"kind": "amount", "value_minor": 0},
        {"kind": "coupon", "value": "10"},
    ],
)
def test_a_discount_that_says_nothing_or_two_things_is_refused(discount: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DiscountIn.model_validate(discount)


@pytest.mark.parametrize(
    "secret", [{"card_number": "4242424242424242"}, {"card_last4": "42424242"}, {"card_brand": "4242 4242"}, {"cvv": 1}]
)
def test_no_card_number_gets_in(secret: dict[str, object]) -> None:
    """Rule 42."""
    with pytest.raises(ValidationError):
        TenderIn.model_validate(tender_in(249, "card") | secret)


def test_lines_and_tenders_have_ids_of_their_own() -> None:
    one, paid = line(), tender_in(249)

    with pytest.raises(ValidationError, match="two lines have the same id"):
        SaleIn.model_validate(sale_in(TILL, [one, one], 249))
    with pytest.raises(ValidationError, match="two tenders have the same id"):
        SaleIn.model_validate(sale_in(TILL, [one], 249, tenders=[paid, paid]))


@pytest.mark.parametrize(("lines", "tenders"), [(0, 1), (1001, 1), (1, 21)])
def test_a_ticket_has_one_to_a_thousand_lines_and_twenty_tenders_at_most(lines: int, tenders: int) -> None:
    ticket = sale_in(TILL, [line() for _ in range(lines)], 249, tenders=[tender_in(249) for _ in range(tenders)])

    with pytest.raises(ValidationError):
        SaleIn.model_validate(ticket)


def test_a_ticket_of_a_thousand_lines_is_taken() -> None:
    assert len(SaleIn.model_validate(sale_in(TILL, [line() for _ in range(1000)], 249)).lines) == 1000


def test_the_device_says_its_offset() -> None:
    """Rule 25."""
    with pytest.raises(ValidationError):
        SaleIn.model_validate(sale_in(TILL, [line()], 249, device_at="2026-11-21T10:00:00"))


def test_the_quantity_that_was_written_is_exact() -> None:
    assert SaleLineIn.model_validate(line(quantity="0.1")).quantity == Decimal("0.1")


@pytest.mark.parametrize("name", ["", "x" * 61])
def test_a_register_has_a_name_that_fits(name: str) -> None:
    body = {"id": str(ids.new_id()), "store_id": str(ids.new_id()), "code": "HS1", "name": name}

    with pytest.raises(ValidationError):
        RegisterIn.model_validate(body)
