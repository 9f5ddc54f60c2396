"""What must hold for every ticket, tried with generated ones (rules 3 to 8)."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradepost.money.currency import Currency
from tradepost.money.discount import LineDiscount, TicketDiscount
from tradepost.money.rounding import RoundingMode, divide_rounded
from tradepost.money.tax import RoundingLevel, TaxProfile
from tradepost.money.ticket import PricedTicket, Ticket, TicketLine, price_ticket

RATES = [Decimal(text) for text in ("0", "5", "5.5", "9.975", "20", "21", "26", "100")]
HALVES = [RoundingMode.HALF_UP, RoundingMode.HALF_EVEN, RoundingMode.HALF_DOWN]
currencies = st.sampled_from([Currency("EUR", 2), Currency("JPY", 0), Currency("KWD", 3)])
profiles = st.builds(TaxProfile, st.booleans(), st.sampled_from(RoundingLevel), st.sampled_from(RoundingMode))
prices = st.decimals(0, 2000, places=4) | st.decimals(0, 20, places=2) | st.integers(0, 500).map(Decimal)
quantities = st.integers(1, 5000).map(lambda number: Decimal(number).scaleb(-3)) | st.integers(1, 9).map(Decimal)
line_discounts = st.none() | st.decimals(0, 100, places=2).map(lambda percent: LineDiscount(percent=percent))
ticket_discounts = st.none() | st.decimals(0, 100, places=2).map(lambda percent: TicketDiscount(percent=percent))


@st.composite
def ticket_lines(draw: st.DrawFn) -> TicketLine:
    rate = draw(st.sampled_from(RATES))
    parts = (rate - 5, Decimal(5)) if rate > 5 and draw(st.booleans()) else ()
    category = draw(st.sampled_from(["S", "S", "Z", "E"]))
    discount = draw(line_discounts)
    return TicketLine(draw(prices), draw(quantities), rate, discount, parts, category)


tickets = st.builds(Ticket, currencies, profiles, st.lists(ticket_lines(), min_size=1, max_size=12), ticket_discounts)


def totals(priced: PricedTicket) -> PricedTicket:
    return replace(priced, lines=())


@given(tickets)
def test_lines_add_up_to_the_document(ticket: Ticket) -> None:
    """Rules 5 and 6: EN 16931 BR-CO-10, -13, -15."""
    priced = price_ticket(ticket)
    lines = priced.lines
    assert sum(line.list_minor for line in lines) == priced.subtotal_minor
    assert sum(line.discount_minor + line.ticket_discount_minor for line in lines) == priced.discount_minor
    assert sum(line.ticket_discount_minor for line in lines) == priced.ticket_discount_minor
    assert sum(line.total_minor for line in lines) == priced.subtotal_minor - priced.discount_minor
    assert sum(line.net_minor for line in lines) == priced.net_minor
    assert sum(line.tax_minor for line in lines) == priced.tax_minor
    assert sum(line.gross_minor for line in lines) == priced.total_minor == priced.net_minor + priced.tax_minor


@given(tickets)
def test_each_line_adds_up_and_is_never_negative(ticket: Ticket) -> None:
    """Rules 6 and 7: a discount never makes a line negative, nor does tax taken out of it."""
    includes = ticket.profile.prices_include_tax
    for line in price_ticket(ticket).lines:
        assert line.list_minor - line.discount_minor - line.ticket_discount_minor == line.total_minor
        assert line.total_minor == (line.gross_minor if includes else line.net_minor)
        assert line.net_minor + line.tax_minor == line.gross_minor
        assert min(line.discount_minor, line.ticket_discount_minor, line.net_minor, line.tax_minor) >= 0


@given(tickets)
def test_groups_add_up_to_the_document_and_to_their_lines(ticket: Ticket) -> None:
    """Rule 5: EN 16931 BR-CO-14 and the taxable amounts per (category, rate), BR-S-08 and its kind."""
    priced = price_ticket(ticket)
    assert sum(group.net_minor for group in priced.taxes) == priced.net_minor
    assert sum(group.tax_minor for group in priced.taxes) == priced.tax_minor
    for group in priced.taxes:
        assert group.net_minor + group.tax_minor == group.gross_minor
        assert sum(part.tax_minor for part in group.parts) == group.tax_minor
        assert sum(part.rate for part in group.parts) == group.rate
    for category, rate in {(group.category, group.rate) for group in priced.taxes}:
        of_lines = sum(
            part.tax_minor
            for line, part in zip(ticket.lines, priced.lines, strict=True)
            if (line.tax_category, line.tax_rate) == (category, rate)
        )
        of_groups = sum(group.tax_minor for group in priced.taxes if (group.category, group.rate) == (category, rate))
        assert of_lines == of_groups


@given(tickets, st.sampled_from(HALVES))
def test_the_tax_of_a_group_is_its_net_times_its_rate(ticket: Ticket, mode: RoundingMode) -> None:
    """Rule 5: EN 16931 BR-CO-17, exact on net prices and within one unit on gross ones, at document level."""
    profile = TaxProfile(ticket.profile.prices_include_tax, RoundingLevel.DOCUMENT, mode)
    lines = [replace(line, tax_parts=()) for line in ticket.lines]
    for group in price_ticket(replace(ticket, profile=profile, lines=lines)).taxes:
        by_rate = divide_rounded(group.net_minor * int(group.rate * 10000), 1_000_000, mode)
        assert abs(group.tax_minor - by_rate) <= (1 if profile.prices_include_tax else 0)


@given(tickets)
def test_tax_never_changes_the_payable_total_of_gross_prices(ticket: Ticket) -> None:
    """Rule 4."""
    profile = replace(ticket.profile, prices_include_tax=True)
    untaxed = [replace(line, tax_rate=Decimal(0), tax_parts=()) for line in ticket.lines]
    with_tax = price_ticket(replace(ticket, profile=profile))
    without = price_ticket(replace(ticket, profile=profile, lines=untaxed))
    assert with_tax.total_minor == without.total_minor == with_tax.subtotal_minor - with_tax.discount_minor


@given(tickets, st.data())
def test_reordering_lines_never_changes_the_document(ticket: Ticket, data: st.DataObject) -> None:
    """Rule 6, and what issue 2 asks of the engine: at both levels, with every discount."""
    moved = replace(ticket, lines=data.draw(st.permutations(list(ticket.lines))))
    assert totals(price_ticket(moved)) == totals(price_ticket(ticket))


def split(line: TicketLine, at: int) -> list[TicketLine]:
    first = Decimal(1 + at % (int(line.quantity) - 1)) if line.quantity > 1 else line.quantity
    rest = line.quantity - first
    return [replace(line, quantity=part) for part in (first, rest) if part]


@st.composite
def splittable_tickets(draw: st.DrawFn) -> Ticket:
    """Whole pieces at prices in whole minor units, without line discounts: nothing is rounded before the tax."""
    ticket = draw(tickets)
    unit = Decimal(1).scaleb(-ticket.currency.exponent)
    lines = [
        replace(
            line,
            unit_price=line.unit_price.quantize(unit),
            quantity=Decimal(draw(st.integers(1, 9))),
            discount=None,
        )
        for line in ticket.lines
    ]
    return replace(ticket, lines=lines)


@given(splittable_tickets(), st.integers(0, 100))
def test_splitting_lines_never_changes_a_document_rounded_once(ticket: Ticket, at: int) -> None:
    """Rules 3 and 6: at document level, with any ticket discount."""
    whole = replace(ticket, profile=replace(ticket.profile, rounding_level=RoundingLevel.DOCUMENT))
    parts = [part for line in whole.lines for part in split(line, at)]
    assert totals(price_ticket(replace(whole, lines=parts))) == totals(price_ticket(whole))


@given(splittable_tickets(), st.integers(0, 100))
def test_splitting_lines_never_changes_what_is_paid_for_gross_prices(ticket: Ticket, at: int) -> None:
    """Rule 4: at both levels."""
    gross = replace(ticket, profile=replace(ticket.profile, prices_include_tax=True))
    parts = [part for line in gross.lines for part in split(line, at)]
    assert price_ticket(replace(gross, lines=parts)).total_minor == price_ticket(gross).total_minor
