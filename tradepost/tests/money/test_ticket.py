"""Pricing of a ticket: worked cases as literals, and every refusal (rules 1 to 8)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tradepost.money.currency import Currency, currency
from tradepost.money.discount import LineDiscount, TicketDiscount
from tradepost.money.errors import (
    AmountTooLarge,
    EmptyTicket,
    InvalidDiscount,
    InvalidPrice,
    InvalidQuantity,
    InvalidTaxRate,
    MoneyError,
    TooManyLines,
)
from tradepost.money.rounding import CashRounding, RoundingMode
from tradepost.money.tax import RoundingLevel, TaxGroup, TaxPart, TaxProfile
from tradepost.money.ticket import PricedLine, Ticket, TicketLine, price_ticket

HALF_UP = RoundingMode.HALF_UP
NET_LINE = TaxProfile(False, RoundingLevel.LINE, HALF_UP)
NET_DOCUMENT = TaxProfile(False, RoundingLevel.DOCUMENT, HALF_UP)
GROSS_LINE = TaxProfile(True, RoundingLevel.LINE, HALF_UP)
GROSS_DOCUMENT = TaxProfile(True, RoundingLevel.DOCUMENT, HALF_UP)
EUR = currency("EUR")


def line(price: str, quantity: str = "1", rate: str = "21", discount: LineDiscount | None = None) -> TicketLine:
    return TicketLine(Decimal(price), Decimal(quantity), Decimal(rate), discount)


def ticket(profile: TaxProfile, *lines: TicketLine, unit: Currency = EUR) -> Ticket:
    return Ticket(unit, profile, lines)


def amounts(priced_of: Ticket) -> tuple[int, int, int]:
    priced = price_ticket(priced_of)
    return priced.net_minor, priced.tax_minor, priced.total_minor


# ---- goldens of the rules ----------------------------------------------------------------------------------------

RULE_3 = [line("1.48"), line("1.48"), line("1.48"), line("1.48"), line("1.52"), line("1.54"), line("0.39")]


def test_rule_3_golden_per_line_is_11_33() -> None:
    """Rule 3. odoo/odoo issue 6224."""
    assert amounts(ticket(NET_LINE, *RULE_3)) == (937, 196, 1133)


def test_rule_3_golden_per_document_is_11_34() -> None:
    """Rule 3. odoo/odoo issue 6224."""
    assert amounts(ticket(NET_DOCUMENT, *RULE_3)) == (937, 197, 1134)


def test_rule_3_golden_holds_with_four_pieces_on_one_line() -> None:
    """Rule 3."""
    short = [line("1.48", "4"), *RULE_3[4:]]
    assert amounts(ticket(NET_LINE, *short)) == (937, 196, 1133)
    assert amounts(ticket(NET_DOCUMENT, *short)) == (937, 197, 1134)


def both_taxes(price: str, quantity: str = "1") -> TicketLine:
    return TicketLine(Decimal(price), Decimal(quantity), Decimal(26), tax_parts=(Decimal(18), Decimal(8)))


RULE_4 = [both_taxes("36"), both_taxes("34"), both_taxes("14", "3")]


def test_rule_4_golden_per_document() -> None:
    """Rule 4. odoo/odoo issue 40644: every product carries both the 18 % and the 8 % tax, 112.00 / 1.26 = 88.89."""
    priced = price_ticket(ticket(GROSS_DOCUMENT, *RULE_4))
    assert priced.taxes == (
        TaxGroup("S", Decimal(26), 8889, 2311, 11200, (TaxPart(Decimal(18), 1600), TaxPart(Decimal(8), 711))),
    )
    assert (priced.net_minor, priced.tax_minor, priced.total_minor) == (8889, 2311, 11200)


def test_rule_4_golden_per_line() -> None:
    """Rule 4. odoo/odoo issue 40644."""
    priced = price_ticket(ticket(GROSS_LINE, *RULE_4))
    assert priced.taxes == (
        TaxGroup("S", Decimal(26), 8888, 2312, 11200, (TaxPart(Decimal(18), 1600), TaxPart(Decimal(8), 712))),
    )
    assert [part.net_minor for part in priced.lines] == [2857, 2698, 3333]
    assert (priced.net_minor, priced.total_minor) == (8888, 11200)


def test_rule_7_golden_goes_through_every_step_in_order() -> None:
    """Rules 6, 7 and 8: 2 × 9.99 = 19.98 − 10 % = 17.98; 1.89 × 0.864 = 1.63; 5.00 at another rate.

    24.61 − 5.00 on the ticket: 3.98 of 19.61 and 1.02 of 5.00 (3.9841, 1.0159), the first again 3.65 and 0.33
    (3.6492, 0.3308). Tax on 15.63 at 20 % is 3.126, on 3.98 at 5 % it is 0.199; 22.94 in cash is 22.95.
    """
    sale = Ticket(
        EUR,
        NET_DOCUMENT,
        [
            line("9.99", "2", "20", LineDiscount(percent=Decimal(10))),
            line("1.89", "0.864", "20"),
            line("5.00", "1", "5"),
        ],
        TicketDiscount(amount_minor=500),
        CashRounding(5, HALF_UP, RoundingMode.HALF_DOWN),
    )
    priced = price_ticket(sale)
    assert priced.lines == (
        PricedLine(1998, 200, 365, 1433, 1433, 287, 1720),
        PricedLine(163, 0, 33, 130, 130, 26, 156),
        PricedLine(500, 0, 102, 398, 398, 20, 418),
    )
    assert priced.taxes == (
        TaxGroup("S", Decimal(20), 1563, 313, 1876, (TaxPart(Decimal(20), 313),)),
        TaxGroup("S", Decimal(5), 398, 20, 418, (TaxPart(Decimal(5), 20),)),
    )
    assert (priced.subtotal_minor, priced.discount_minor, priced.ticket_discount_minor) == (2661, 700, 500)
    assert (priced.net_minor, priced.tax_minor, priced.total_minor) == (1961, 333, 2294)
    assert priced.cash_total_minor == 2295


# ---- worked cases of others --------------------------------------------------------------------------------------

WORKED = [
    # odoo/odoo issue 2594: three times 1.10 with 5 % included stay 3.30, of which 0.16 tax
    (GROSS_DOCUMENT, EUR, [line("1.10", "1", "5")] * 3, (314, 16, 330)),
    # odoo/odoo pull request 45700: 11.90 and 2.80 with 21 % included; line by line the tax is 2.56
    (GROSS_DOCUMENT, EUR, [line("11.90"), line("2.80")], (1215, 255, 1470)),
    (GROSS_LINE, EUR, [line("11.90"), line("2.80")], (1214, 256, 1470)),
    # odoo/odoo pull request 34842: 8.01 with 20 % included must not become 8.02
    (GROSS_DOCUMENT, EUR, [line("8.01", "1", "20")], (667, 134, 801)),
    # odoo/odoo pull request 46288: 52.50 with 12 % included must not become 52.51
    (GROSS_DOCUMENT, EUR, [line("52.50", "1", "12")], (4687, 563, 5250)),
    # odoo/odoo pull request 228437: 24.99 with 20 % included must not become 25.00
    (GROSS_LINE, EUR, [line("24.99", "1", "20")], (2082, 417, 2499)),
    # odoo/odoo issue 191983: yen have no decimals, two times 13,582 with 10 % included
    (GROSS_DOCUMENT, currency("JPY"), [line("13582", "1", "10")] * 2, (24695, 2469, 27164)),
    # odoo/odoo issue 14054: 707.02 and 66.39 at 19 %; line by line it is 920.35
    (NET_DOCUMENT, EUR, [line("707.02", "1", "19"), line("66.39", "1", "19")], (77341, 14695, 92036)),
    (NET_LINE, EUR, [line("707.02", "1", "19"), line("66.39", "1", "19")], (77341, 14694, 92035)),
    # odoo/odoo issue 37896: 16 × 348.35 − 4 % at 22 % is the same at both levels
    (NET_DOCUMENT, EUR, [line("348.35", "16", "22", LineDiscount(percent=Decimal(4)))], (535066, 117715, 652781)),
    (NET_LINE, EUR, [line("348.35", "16", "22", LineDiscount(percent=Decimal(4)))], (535066, 117715, 652781)),
    # odoo/odoo issue 24725: 9 × 13.60 at 6 % on one line, and on nine lines at line level
    (NET_LINE, EUR, [line("13.60", "9", "6")], (12240, 734, 12974)),
    (NET_LINE, EUR, [line("13.60", "1", "6")] * 9, (12240, 738, 12978)),
    (NET_DOCUMENT, EUR, [line("13.60", "1", "6")] * 9, (12240, 734, 12974)),
    # odoo/odoo issue 155833: 3.60 at 5.5 %, one piece, ten pieces on a line, ten lines
    (NET_LINE, EUR, [line("3.60", "1", "5.5")], (360, 20, 380)),
    (NET_LINE, EUR, [line("3.60", "10", "5.5")], (3600, 198, 3798)),
    (NET_LINE, EUR, [line("3.60", "1", "5.5")] * 10, (3600, 200, 3800)),
    # odoo/odoo issue 12039: the line total is taxed, not the piece
    (NET_LINE, EUR, [line("5.63", "4", "22")], (2252, 495, 2747)),
    # budget.canada.ca 2012: coffee 1.83 and sandwich 2.86 with 5 % tax on top
    (NET_DOCUMENT, currency("CAD"), [line("1.83", "1", "5"), line("2.86", "1", "5")], (469, 23, 492)),
    # three decimals: 3 × 1.255 dinars at 5 %, 3.765 × 5 % = 0.18825
    (NET_DOCUMENT, currency("KWD"), [line("1.255", "3", "5")], (3765, 188, 3953)),
    # unit prices may carry more digits than totals (rule 2): 1000 screws at 0.01345
    (GROSS_DOCUMENT, EUR, [line("0.01345", "1000", "0")], (1345, 0, 1345)),
    (GROSS_DOCUMENT, EUR, [line("0.000001", "1", "0")], (0, 0, 0)),
    # 0.864 kg at 1.89 = 1.63296
    (GROSS_DOCUMENT, EUR, [line("1.89", "0.864", "0")], (163, 0, 163)),
    # a gift, and a whole line given away
    (GROSS_DOCUMENT, EUR, [line("0")], (0, 0, 0)),
    (GROSS_DOCUMENT, EUR, [line("9.99", "3", "21", LineDiscount(percent=Decimal(100)))], (0, 0, 0)),
    # 100 percent of tax doubles a net price and halves a gross one
    (NET_DOCUMENT, EUR, [line("1.01", "1", "100")], (101, 101, 202)),
    (GROSS_DOCUMENT, EUR, [line("1.01", "1", "100")], (50, 51, 101)),
]


@pytest.mark.parametrize(("profile", "unit", "lines", "expected"), WORKED)
def test_a_worked_case_gives_net_tax_and_total(
    profile: TaxProfile, unit: Currency, lines: list[TicketLine], expected: tuple[int, int, int]
) -> None:
    """Rules 2, 3, 4 and 7."""
    assert amounts(ticket(profile, *lines, unit=unit)) == expected


def test_quebec_shows_both_taxes() -> None:
    """Revenu Québec, calculating the taxes: 100.00 + GST 5.00 + QST 9.98 = 114.98."""
    goods = TicketLine(Decimal(100), Decimal(1), Decimal("14.975"), tax_parts=(Decimal(5), Decimal("9.975")))
    priced = price_ticket(ticket(NET_DOCUMENT, goods, unit=currency("CAD")))
    assert priced.total_minor == 11498
    assert priced.taxes[0].parts == (TaxPart(Decimal(5), 500), TaxPart(Decimal("9.975"), 998))


@pytest.mark.parametrize(
    ("mode", "total"), [("half_up", 3), ("half_even", 2), ("half_down", 2), ("up", 3), ("down", 2)]
)
def test_the_profiles_mode_rounds_the_list_price(mode: str, total: int) -> None:
    """Rule 3: 0.025."""
    profile = TaxProfile(True, RoundingLevel.DOCUMENT, RoundingMode(mode))
    assert price_ticket(ticket(profile, line("0.025"))).total_minor == total


def test_equal_rates_form_one_group_however_they_are_written() -> None:
    """Rule 5."""
    priced = price_ticket(ticket(NET_DOCUMENT, line("1.00", "1", "21"), line("1.00", "1", "21.00")))
    assert [(group.rate, group.net_minor) for group in priced.taxes] == [(Decimal(21), 200)]
    assert str(priced.taxes[0].rate) == "21"


def test_groups_come_by_category_and_falling_rate() -> None:
    """Rule 5: tax per (category, rate) group."""
    exempt = replace(line("1.00", "1", "0"), tax_category="E")
    lines = [line("1.00", "1", "0"), line("2.00", "1", "5"), exempt, line("3.00", "1", "20")]
    priced = price_ticket(ticket(NET_DOCUMENT, *lines))
    assert [(group.category, str(group.rate), group.net_minor, group.tax_minor) for group in priced.taxes] == [
        ("S", "20", 300, 60),
        ("S", "5", 200, 10),
        ("S", "0", 100, 0),
        ("E", "0", 100, 0),
    ]


def test_groups_of_one_rate_come_by_their_parts_and_category() -> None:
    """Rule 5."""
    whole = line("1.00", "1", "26")
    lines = [
        *[replace(whole, tax_parts=tuple(map(Decimal, parts))) for parts in ((18, 8), (20, 6), (20, 6, 0))],
        replace(whole, tax_category="A"),
        whole,
    ]
    groups = price_ticket(ticket(GROSS_DOCUMENT, *lines)).taxes
    assert [" ".join([group.category, *(str(part.rate) for part in group.parts)]) for group in groups] == [
        "S 26",
        "A 26",
        "S 20 6 0",
        "S 20 6",
        "S 18 8",
    ]


def test_a_ticket_discount_keeps_its_parts() -> None:
    """Rule 6: 1.00 shared by three equal lines."""
    sale = Ticket(EUR, GROSS_DOCUMENT, [line("5.00")] * 3, TicketDiscount(amount_minor=100))
    priced = price_ticket(sale)
    assert [part.ticket_discount_minor for part in priced.lines] == [34, 33, 33]
    assert [part.total_minor for part in priced.lines] == [466, 467, 467]
    assert priced.total_minor == 1400


def test_a_percentage_on_the_ticket_is_taken_once_from_the_sum() -> None:
    """Rule 6: 10 % of 3 × 0.05 is 0.015 → 0.02, though no single line would give a cent."""
    sale = Ticket(EUR, GROSS_DOCUMENT, [line("0.05")] * 3, TicketDiscount(percent=Decimal(10)))
    priced = price_ticket(sale)
    assert [part.ticket_discount_minor for part in priced.lines] == [1, 1, 0]


def test_a_whole_ticket_can_be_given_away() -> None:
    sale = Ticket(EUR, NET_DOCUMENT, [line("5.00"), line("0.99", "1", "5")], TicketDiscount(percent=Decimal(100)))
    priced = price_ticket(sale)
    assert (priced.subtotal_minor, priced.discount_minor, priced.total_minor) == (599, 599, 0)
    assert all(part.gross_minor == 0 for part in priced.lines)


def test_cash_rounding_changes_neither_the_total_nor_the_tax() -> None:
    """Rules 7 and 8."""
    plain = Ticket(EUR, NET_DOCUMENT, [line("9.99")])
    priced = price_ticket(plain)
    rounded = price_ticket(replace(plain, cash_rounding=CashRounding(5, HALF_UP, RoundingMode.HALF_DOWN)))
    assert (priced.total_minor, priced.cash_total_minor) == (1209, 1209)
    assert rounded == replace(priced, cash_total_minor=1210)


# ---- limits and refusals -----------------------------------------------------------------------------------------


def test_the_largest_ticket_is_priced() -> None:
    dear = line("10000", "1000000", "100")
    assert amounts(ticket(NET_DOCUMENT, *[dear] * 1000)) == (10**15, 10**15, 2 * 10**15)


def test_an_empty_ticket_is_refused() -> None:
    with pytest.raises(EmptyTicket):
        price_ticket(ticket(NET_DOCUMENT))


def test_more_than_a_thousand_lines_are_refused() -> None:
    with pytest.raises(TooManyLines):
        price_ticket(ticket(NET_DOCUMENT, *[line("1.00")] * 1001))


@pytest.mark.parametrize(
    ("bad", "refusal"),
    [
        (line("-0.01"), InvalidPrice),
        (line("0.0000001"), InvalidPrice),
        (line("NaN"), InvalidPrice),
        (line("Infinity"), InvalidPrice),
        (line("1E+16"), InvalidPrice),
        (line("1.00", "0"), InvalidQuantity),
        (line("1.00", "-1"), InvalidQuantity),
        (line("1.00", "0.0001"), InvalidQuantity),
        (line("1.00", "1000000.001"), InvalidQuantity),
        (line("1.00", "NaN"), InvalidQuantity),
        (line("1.00", "-Infinity"), InvalidQuantity),
        (replace(line("1.00", "1.5"), quantity_places=0), InvalidQuantity),
        (replace(line("1.00"), quantity_places=4), InvalidQuantity),
        (line("1000000.01", "1000000"), AmountTooLarge),
        (line("1.00", "1", "-1"), InvalidTaxRate),
        (line("1.00", "1", "100.0001"), InvalidTaxRate),
        (line("1.00", "1", "9.97501"), InvalidTaxRate),
        (line("1.00", "1", "sNaN"), InvalidTaxRate),
        (replace(line("1.00"), tax_parts=(Decimal(20), Decimal(2))), InvalidTaxRate),
        (replace(line("1.00"), tax_parts=(Decimal(22), Decimal(-1))), InvalidTaxRate),
        (replace(line("1.00"), tax_parts=(Decimal("NaN"),)), InvalidTaxRate),
        (replace(line("1.00"), tax_category="s"), InvalidTaxRate),
        (replace(line("1.00"), tax_category=""), InvalidTaxRate),
        (line("1.00", discount=LineDiscount(amount_minor=101)), InvalidDiscount),
        (line("1.00", discount=LineDiscount(percent=Decimal(101))), InvalidDiscount),
    ],
)
def test_a_bad_line_is_refused_by_its_number(bad: TicketLine, refusal: type[MoneyError]) -> None:
    with pytest.raises(refusal) as caught:
        price_ticket(ticket(NET_DOCUMENT, line("1.00"), line("1.00"), bad))
    assert caught.value.line == 2


def test_the_limits_themselves_are_accepted() -> None:
    assert amounts(ticket(GROSS_DOCUMENT, line("1000000.00", "10000", "0"))) == (10**12, 0, 10**12)
    assert amounts(ticket(GROSS_DOCUMENT, line("0.01", "1000000", "0"))) == (10**6, 0, 10**6)
    assert amounts(ticket(GROSS_DOCUMENT, line("1000", "0.001", "0"))) == (100, 0, 100)
    assert amounts(ticket(GROSS_DOCUMENT, replace(line("1.00", "2", "0"), quantity_places=0))) == (200, 0, 200)


@pytest.mark.parametrize("discount", [TicketDiscount(amount_minor=201), TicketDiscount(percent=Decimal("100.1"))])
def test_a_ticket_discount_above_the_ticket_is_refused(discount: TicketDiscount) -> None:
    with pytest.raises(InvalidDiscount) as caught:
        price_ticket(Ticket(EUR, GROSS_DOCUMENT, [line("1.00"), line("1.00")], discount))
    assert caught.value.line is None


ONE = Decimal(1)


@pytest.mark.parametrize(
    "values", [(1.5, ONE, ONE), (ONE, 1.5, ONE), (ONE, ONE, 21.0), (1, ONE, ONE), ("1", ONE, ONE), (ONE, 1, ONE)]
)
def test_floats_and_other_types_are_type_errors(values: tuple[Decimal, Decimal, Decimal]) -> None:
    """Rule 1."""
    with pytest.raises(TypeError, match="must be a Decimal"):
        TicketLine(*values)


def test_a_float_among_the_tax_parts_is_a_type_error() -> None:
    """Rule 1."""
    with pytest.raises(TypeError, match="tax_parts"):
        TicketLine(ONE, ONE, Decimal(26), tax_parts=(Decimal(18), 8.0))  # type: ignore[arg-type]  # what is tested
