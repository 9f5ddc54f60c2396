"""What the routes of refunds take: each line once, exact quantities, whole minor units, and a reason."""

from typing import Any

import pytest
from pydantic import ValidationError
from shopfloor import Till, refund_in, tender_in

from mainstay import ids
from tradepost.pos.schemas.refunds import RefundApprovalIn, RefundIn

TILL = Till(ids.new_id(), ids.new_id(), ids.new_id())
LINE = str(ids.new_id())


def wanted(**changed: object) -> dict[str, Any]:
    """Return a refund as JSON brings it."""
    sale = {"id": str(ids.new_id())}
    return refund_in(TILL, sale, [{"line_id": LINE, "quantity": "1.50"}], 249) | changed


def test_equal_refunds_have_equal_content() -> None:
    """Rule 18: 1.50 is 1.5, and goods go to stock unless it is said that they are damaged."""
    [line] = RefundIn.model_validate(wanted()).lines

    assert (str(line.quantity), line.goods) == ("1.5", "to_stock")


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": []},
        {"lines": [{"line_id": LINE, "quantity": "1"}, {"line_id": LINE, "quantity": "2"}]},
        {"lines": [{"line_id": LINE, "quantity": 1.5}]},
        {"lines": [{"line_id": LINE, "quantity": "1", "goods": "eaten"}]},
        {"lines": [{"line_id": LINE, "quantity": "1", "price": "1"}]},
        {"reason": ""},
        {"reason": "x" * 201},
        {"tenders": [tender_in(249) | {"amount_minor": 2.49}]},
        {"tenders": [tender_in(249, "voucher")]},
        {"tenders": [tender_in(249, "card", card_number="4242424242424242")]},
        {"tenders": [one := tender_in(1), one]},
        {"expected_total_minor": -1},
        {"device_at": "2026-11-21T10:00:00"},
        {"store_id": str(ids.new_id())},
    ],
)
def test_what_is_no_refund_is_refused(changed: dict[str, Any]) -> None:
    """Rules 1, 29 and 42."""
    RefundIn.model_validate(wanted())

    with pytest.raises(ValidationError):
        RefundIn.model_validate(wanted(**changed))


@pytest.mark.parametrize("pin", ["123", "123456789"])
def test_a_pin_has_four_to_eight_digits(pin: str) -> None:
    with pytest.raises(ValidationError):
        RefundApprovalIn.model_validate({"refund": wanted(), "approver_id": LINE, "pin": pin})
