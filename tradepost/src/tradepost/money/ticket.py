"""Pricing of a ticket in the fixed order list price, line discount, ticket discount, tax, cash rounding (rule 7)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tradepost.money.allocation import share
from tradepost.money.currency import Currency
from tradepost.money.discount import LineDiscount, TicketDiscount, take_discount
from tradepost.money.errors import (
    AmountTooLarge,
    EmptyTicket,
    InvalidPrice,
    InvalidQuantity,
    InvalidTaxRate,
    MoneyError,
    TooManyLines,
)
from tradepost.money.exact import require_decimal, scale_decimal, unscale
from tradepost.money.rounding import CashRounding, divide_rounded, round_cash_due
from tradepost.money.tax import RATE_PLACES, WHOLE, TaxGroup, TaxPart, TaxProfile, TaxTreatment, tax_amounts

EXTRA_PRICE_PLACES = 4
QUANTITY_PLACES = 3
LARGEST_QUANTITY = 1_000_000
LARGEST_LINE_MINOR = 10**12
MOST_LINES = 1000
_UNITS = {0: 1, 1: 10, 2: 100, 3: 1000}
_PRICE_UNIT = 10**EXTRA_PRICE_PLACES
_CATEGORY = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True, slots=True)
class TicketLine:
    """What is sold on one line.

    `unit_price` is in major units, net or gross as the profile says, with up to 4 decimals more than the currency;
    `quantity` has up to `quantity_places` (0 to 3) decimals. `tax_rate` is in percent; where it consists of several
    taxes, `tax_parts` lists their rates. `tax_category` is the EN 16931 category code. Raises TypeError for floats;
    values are checked when the ticket is priced, so that the error can name the line.
    """

    unit_price: Decimal
    quantity: Decimal
    tax_rate: Decimal
    discount: LineDiscount | None = None
    tax_parts: tuple[Decimal, ...] = ()
    tax_category: str = "S"
    quantity_places: int = QUANTITY_PLACES

    def __post_init__(self) -> None:
        require_decimal(self.unit_price, "unit_price")
        require_decimal(self.quantity, "quantity")
        require_decimal(self.tax_rate, "tax_rate")
        for part in self.tax_parts:
            require_decimal(part, "tax_parts")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A document to be priced: its currency, the store's profile, 1 to 1000 lines and what applies to all of them."""

    currency: Currency
    profile: TaxProfile
    lines: Sequence[TicketLine]
    discount: TicketDiscount | None = None
    cash_rounding: CashRounding | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line in minor units: `list_minor` − `discount_minor` − `ticket_discount_minor` = `total_minor`, which is the
    gross when prices include tax and the net otherwise; `net_minor` + `tax_minor` = `gross_minor`.
    """

    list_minor: int
    discount_minor: int
    ticket_discount_minor: int
    total_minor: int
    net_minor: int
    tax_minor: int
    gross_minor: int


@dataclass(frozen=True, slots=True)
class PricedTicket:
    """A priced document in minor units; every amount is the exact sum of the same amount of its lines.

    `subtotal_minor` is before and `discount_minor` is the sum of all discounts, of which `ticket_discount_minor` was
    given on the ticket. `net_minor` + `tax_minor` = `total_minor`, the amount to pay; `cash_total_minor` is what to
    ask for when all of it is paid in cash. `taxes` come by falling rate.
    """

    lines: tuple[PricedLine, ...]
    taxes: tuple[TaxGroup, ...]
    subtotal_minor: int
    discount_minor: int
    ticket_discount_minor: int
    net_minor: int
    tax_minor: int
    total_minor: int
    cash_total_minor: int


@dataclass(slots=True)
class _Working:
    """A line between the steps."""

    list_minor: int
    discount_minor: int
    treatment: TaxTreatment
    total_minor: int
    ticket_discount_minor: int = 0
    tax_minor: int = 0


def price_ticket(ticket: Ticket) -> PricedTicket:
    """Price a ticket. Lines keep their order; the document's amounts do not depend on it.

    Raises EmptyTicket, TooManyLines, InvalidPrice, InvalidQuantity, InvalidTaxRate, InvalidDiscount and
    AmountTooLarge, with the index of the line in `line`; TypeError for floats.
    """
    if not ticket.lines:
        raise EmptyTicket("The ticket has no lines.")
    if len(ticket.lines) > MOST_LINES:
        raise TooManyLines(f"A ticket may have at most {MOST_LINES} lines.")
    work = [_price_line(index, line, ticket) for index, line in enumerate(ticket.lines)]
    groups = _group(work)
    _apportion_discount(ticket, groups)
    taxes = tuple(_tax_group(treatment, lines, ticket.profile) for treatment, lines in groups)
    lines = tuple(_priced_line(line, ticket.profile.prices_include_tax) for line in work)
    return _priced_ticket(lines, taxes, ticket.cash_rounding)


def _price_line(index: int, line: TicketLine, ticket: Ticket) -> _Working:
    try:
        list_minor = _list_price(line, ticket)
        discount_minor = take_discount(line.discount, list_minor, ticket.profile.rounding_mode)
        return _Working(list_minor, discount_minor, _treatment(line), list_minor - discount_minor)
    except MoneyError as error:
        error.line = index
        raise


def _list_price(line: TicketLine, ticket: Ticket) -> int:
    places = ticket.currency.exponent + EXTRA_PRICE_PLACES
    price = scale_decimal(line.unit_price, places, "unit price", InvalidPrice)
    if price < 0:
        raise InvalidPrice("The unit price must not be negative.")
    if line.quantity_places not in _UNITS:
        raise InvalidQuantity("A unit of quantity has 0 to 3 decimals.")
    quantity = scale_decimal(line.quantity, line.quantity_places, "quantity", InvalidQuantity)
    unit = _UNITS[line.quantity_places]
    if not 0 < quantity <= LARGEST_QUANTITY * unit:
        raise InvalidQuantity("The quantity must be above 0 and at most 1,000,000.")
    list_minor = divide_rounded(price * quantity, _PRICE_UNIT * unit, ticket.profile.rounding_mode)
    if list_minor > LARGEST_LINE_MINOR:
        raise AmountTooLarge("The total of the line is too large.")
    return list_minor


def _treatment(line: TicketLine) -> TaxTreatment:
    rate = scale_decimal(line.tax_rate, RATE_PLACES, "tax rate", InvalidTaxRate)
    if not 0 <= rate <= WHOLE:
        raise InvalidTaxRate("The tax rate must be between 0 and 100 percent.")
    if not _CATEGORY.fullmatch(line.tax_category):
        raise InvalidTaxRate("The tax category must be one to three capital letters, such as S.")
    if not line.tax_parts:
        return TaxTreatment(rate, (rate,), line.tax_category)
    parts = tuple(scale_decimal(part, RATE_PLACES, "tax rate", InvalidTaxRate) for part in line.tax_parts)
    if min(parts) < 0 or sum(parts) != rate:
        raise InvalidTaxRate("The parts of a tax rate must add up to it.")
    return TaxTreatment(rate, parts, line.tax_category)


def _group(work: list[_Working]) -> list[tuple[TaxTreatment, list[_Working]]]:
    """The order of the groups must not depend on the order of the lines: ties are decided along it."""
    groups: dict[TaxTreatment, list[_Working]] = {}
    for line in work:
        groups.setdefault(line.treatment, []).append(line)
    return sorted(groups.items(), reverse=True)


def _apportion_discount(ticket: Ticket, groups: list[tuple[TaxTreatment, list[_Working]]]) -> None:
    """First to the tax groups, then inside each to its lines: so the document's tax does not change when a line is
    split or moved, and each group's part is the allowance an e-invoice wants per tax rate.
    """
    if ticket.discount is None:
        return
    sums = [sum(line.total_minor for line in lines) for _, lines in groups]
    discount_minor = take_discount(ticket.discount, sum(sums), ticket.profile.rounding_mode)
    for (_, lines), group_minor in zip(groups, share(discount_minor, sums), strict=True):
        parts = share(group_minor, [line.total_minor for line in lines])
        for line, part in zip(lines, parts, strict=True):
            line.ticket_discount_minor = part
            line.total_minor -= part


def _tax_group(treatment: TaxTreatment, lines: list[_Working], profile: TaxProfile) -> TaxGroup:
    amounts = [line.total_minor for line in lines]
    taxes, by_part = tax_amounts(amounts, treatment, profile)
    for line, tax_minor in zip(lines, taxes, strict=True):
        line.tax_minor = tax_minor
    total, tax = sum(amounts), sum(by_part)
    net = total - tax if profile.prices_include_tax else total
    parts = tuple(map(TaxPart, (unscale(rate, RATE_PLACES) for rate in treatment.parts), by_part))
    return TaxGroup(treatment.category, unscale(treatment.rate, RATE_PLACES), net, tax, net + tax, parts)


def _priced_line(line: _Working, is_gross: bool) -> PricedLine:
    total, tax = line.total_minor, line.tax_minor
    net = total - tax if is_gross else total
    return PricedLine(line.list_minor, line.discount_minor, line.ticket_discount_minor, total, net, tax, net + tax)


def _priced_ticket(
    lines: tuple[PricedLine, ...], taxes: tuple[TaxGroup, ...], cash_rounding: CashRounding | None
) -> PricedTicket:
    ticket_discount_minor = sum(line.ticket_discount_minor for line in lines)
    total_minor = sum(group.gross_minor for group in taxes)
    return PricedTicket(
        lines=lines,
        taxes=taxes,
        subtotal_minor=sum(line.list_minor for line in lines),
        discount_minor=sum(line.discount_minor for line in lines) + ticket_discount_minor,
        ticket_discount_minor=ticket_discount_minor,
        net_minor=sum(group.net_minor for group in taxes),
        tax_minor=sum(group.tax_minor for group in taxes),
        total_minor=total_minor,
        cash_total_minor=round_cash_due(total_minor, cash_rounding),
    )
