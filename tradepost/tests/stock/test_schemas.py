"""What the stock routes take."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from mainstay import ids
from tradepost.stock.schemas import AdjustmentIn


def given(quantity: object) -> AdjustmentIn:
    """Return a correction of this quantity as JSON brings it."""
    body = {
        "id": str(ids.new_id()),
        "store_id": str(ids.new_id()),
        "variant_id": str(ids.new_id()),
        "quantity": quantity,
        "note": "Counted",
    }
    return AdjustmentIn.model_validate(body)


@pytest.mark.parametrize("quantity", ["-2", "0.001", "1000000", "2.50"])
def test_exact_decimal_text_is_taken_as_it_is(quantity: str) -> None:
    assert given(quantity).quantity == Decimal(quantity)


@pytest.mark.parametrize("quantity", [0.1, 1.0, "0.0001", "1e400", "NaN", "inf", "", "one", True, None, [], "12345678"])
def test_what_is_no_exact_quantity_is_refused(quantity: object) -> None:
    """Rules 1 and 29."""
    with pytest.raises(ValidationError):
        given(quantity)
