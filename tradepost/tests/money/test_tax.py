"""Tax on top of net prices and out of gross prices, by line and by document (rules 3, 4 and 5)."""

from decimal import Decimal

import pytest

from tradepost.money.rounding import RoundingMode
from tradepost.money.tax import RoundingLevel, TaxProfile, TaxTreatment, tax_amounts

LINE, DOCUMENT = RoundingLevel.LINE, RoundingLevel.DOCUMENT
VAT_21 = TaxTreatment(210000, (210000,), "S")
QUEBEC = TaxTreatment(149750, (50000, 99750), "S")


def profile(*, includes: bool, level: RoundingLevel, mode: RoundingMode = RoundingMode.HALF_UP) -> TaxProfile:
    return TaxProfile(prices_include_tax=includes, rounding_level=level, rounding_mode=mode)


def test_tax_is_added_line_by_line() -> None:
    """Rule 3."""
    nets = [148, 148, 148, 148, 152, 154, 39]
    assert tax_amounts(nets, VAT_21, profile(includes=False, level=LINE)) == ([31, 31, 31, 31, 32, 32, 8], [196])


def test_tax_is_added_once_per_document_and_apportioned() -> None:
    """Rules 3 and 6: 9.37 × 21 % = 1.9677; lines 31.121, 31.121, 31.121, 31.121, 31.963, 32.383, 8.201 of 197."""
    nets = [148, 148, 148, 148, 152, 154, 39]
    taxes, parts = tax_amounts(nets, VAT_21, profile(includes=False, level=DOCUMENT))
    assert (taxes, parts) == ([31, 31, 31, 31, 32, 33, 8], [197])


def test_tax_is_carved_out_line_by_line() -> None:
    """Rule 4. 36 × 26 / 126 = 7.4286, 34 → 7.0159, 42 → 8.6667."""
    both = TaxTreatment(260000, (180000, 80000), "S")
    taxes, parts = tax_amounts([3600, 3400, 4200], both, profile(includes=True, level=LINE))
    assert (taxes, parts) == ([743, 702, 867], [1600, 712])


def test_tax_is_carved_out_once_per_document() -> None:
    """Rule 4. 112 × 26 / 126 = 23.1111, of which 18/26 is 16.00 and 8/26 is 7.11."""
    both = TaxTreatment(260000, (180000, 80000), "S")
    taxes, parts = tax_amounts([3600, 3400, 4200], both, profile(includes=True, level=DOCUMENT))
    assert sum(taxes) == 2311
    assert parts == [1600, 711]


def test_several_taxes_on_a_net_price_are_rounded_each_by_itself() -> None:
    """Revenu Québec, calculating the taxes: 100.00 → GST 5.00, QST 9.98."""
    assert tax_amounts([10000], QUEBEC, profile(includes=False, level=DOCUMENT)) == ([1498], [500, 998])
    assert tax_amounts([1010], QUEBEC, profile(includes=False, level=DOCUMENT)) == ([152], [51, 101])


def test_several_taxes_never_take_more_out_of_a_gross_price_than_there_is() -> None:
    """Rule 4: rounding up each of two taxes of 100 % would take 2 out of 1."""
    steep = TaxTreatment(1_000_000, (500_000, 500_000), "S")
    taxes, parts = tax_amounts([1], steep, profile(includes=True, level=LINE, mode=RoundingMode.UP))
    assert (taxes, parts) == ([1], [1, 0])


@pytest.mark.parametrize("level", list(RoundingLevel))
@pytest.mark.parametrize("includes", [True, False])
def test_nothing_has_no_tax(level: RoundingLevel, includes: bool) -> None:
    assert tax_amounts([0, 0], VAT_21, profile(includes=includes, level=level)) == ([0, 0], [0])


def test_the_rounding_mode_decides_the_half_cent() -> None:
    """Rule 3. 52.50 with 12 % included holds 5.625 of tax (odoo/odoo pull request 46288)."""
    vat_12 = TaxTreatment(120000, (120000,), "S")
    by_mode = [
        tax_amounts([5250], vat_12, profile(includes=True, level=DOCUMENT, mode=mode))[1] for mode in RoundingMode
    ]
    assert by_mode == [[563], [562], [562], [563], [562]]


def test_levels_are_known_by_their_text() -> None:
    assert [RoundingLevel("line"), RoundingLevel("document")] == [LINE, DOCUMENT]


def test_a_profile_refuses_plain_text() -> None:
    with pytest.raises(TypeError, match="rounding mode"):
        TaxProfile(True, LINE, "half_up")  # type: ignore[arg-type]  # the refusal is what is tested
    with pytest.raises(TypeError, match="rounding_level"):
        TaxProfile(True, "line", RoundingMode.HALF_UP)  # type: ignore[arg-type]  # the refusal is what is tested


def test_a_rate_keeps_three_decimals() -> None:
    assert Decimal(QUEBEC.parts[1]).scaleb(-4) == Decimal("9.975")
