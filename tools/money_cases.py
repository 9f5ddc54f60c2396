"""The cases of the money engine's vectors: hand-made ones with their source, and drawn ones, always the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tradepost.money.currency import Currency, currency
from tradepost.money.discount import LineDiscount, TicketDiscount
from tradepost.money.rounding import CashRounding, RoundingMode
from tradepost.money.tax import RoundingLevel, TaxProfile
from tradepost.money.ticket import PricedTicket, Ticket, TicketLine, price_ticket

Tenders = list[tuple[str, int]]
HALF_UP, HALF_DOWN = RoundingMode.HALF_UP, RoundingMode.HALF_DOWN
NET_LINE = TaxProfile(False, RoundingLevel.LINE, HALF_UP)
NET_DOCUMENT = TaxProfile(False, RoundingLevel.DOCUMENT, HALF_UP)
GROSS_LINE = TaxProfile(True, RoundingLevel.LINE, HALF_UP)
GROSS_DOCUMENT = TaxProfile(True, RoundingLevel.DOCUMENT, HALF_UP)
BELGIUM = CashRounding(5, HALF_UP, HALF_DOWN, above_minor=5)
CANADA = CashRounding(5, HALF_UP, HALF_DOWN)
SWEDEN = CashRounding(100, HALF_UP, HALF_DOWN)
DENMARK = CashRounding(50, HALF_UP, HALF_DOWN)
NEW_ZEALAND = CashRounding(10, HALF_UP, HALF_UP)
EUR, JPY, KWD, CAD, SEK = (currency(code) for code in ("EUR", "JPY", "KWD", "CAD", "SEK"))


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket and the payments tried on it; `name` says where it comes from."""

    name: str
    ticket: Ticket
    payments: Sequence[Tenders] = ()


def line(price: str, quantity: str = "1", rate: str = "0", off: str | int | None = None) -> TicketLine:
    """Return a line; `off` is a percentage as text or an amount in minor units."""
    discount = LineDiscount(amount_minor=off) if isinstance(off, int) else LineDiscount(Decimal(off)) if off else None
    return TicketLine(Decimal(price), Decimal(quantity), Decimal(rate), discount)


def several_taxes(price: str, quantity: str, *rates: str) -> TicketLine:
    """Return a line that carries several taxes at once."""
    parts = tuple(Decimal(rate) for rate in rates)
    return TicketLine(Decimal(price), Decimal(quantity), sum(parts, Decimal(0)), tax_parts=parts)


def hand_made() -> list[Case]:
    """Return the goldens and worked cases; their results stand as literals in the tests of the engine too."""
    return [*_goldens(), *_worked(), *_discounted(), *_cash(), *_refused()]


def _goldens() -> list[Case]:
    rule_3 = [line("1.48", rate="21")] * 4 + [line(price, rate="21") for price in ("1.52", "1.54", "0.39")]
    rule_4 = [several_taxes(*goods, "18", "8") for goods in (("36", "1"), ("34", "1"), ("14", "3"))]
    rule_7 = [line("9.99", "2", "20", "10"), line("1.89", "0.864", "20"), line("5.00", "1", "5")]
    discount = TicketDiscount(amount_minor=500)
    return [
        Case("rule 3 golden, per line: 11.33", Ticket(EUR, NET_LINE, rule_3)),
        Case("rule 3 golden, per document: 11.34", Ticket(EUR, NET_DOCUMENT, rule_3)),
        Case("rule 4 golden, per document: 88.89, 16.00, 7.11", Ticket(EUR, GROSS_DOCUMENT, rule_4)),
        Case("rule 4 golden, per line: 88.88, 16.00, 7.12", Ticket(EUR, GROSS_LINE, rule_4)),
        Case(
            "rule 7 golden, every step: 22.94, in cash 22.95",
            Ticket(EUR, NET_DOCUMENT, rule_7, discount, CANADA),
            [[("cash", 2500)], [("card", 2294)], [("card", 1000), ("cash", 1295)]],
        ),
    ]


def _worked() -> list[Case]:
    both = [("line", NET_LINE), ("document", NET_DOCUMENT)]
    invoice = [line("707.02", rate="19"), line("66.39", rate="19")]
    return [
        Case("odoo 2594: 3 × 1.10 stay 3.30", Ticket(EUR, GROSS_DOCUMENT, [line("1.10", rate="5")] * 3)),
        Case("odoo 45700: document", Ticket(EUR, GROSS_DOCUMENT, [line("11.90", rate="21"), line("2.80", rate="21")])),
        Case("odoo 45700: line", Ticket(EUR, GROSS_LINE, [line("11.90", rate="21"), line("2.80", rate="21")])),
        Case("odoo 34842: 8.01 stays 8.01", Ticket(EUR, GROSS_DOCUMENT, [line("8.01", rate="20")])),
        Case("odoo 46288: 52.50 stays 52.50", Ticket(EUR, GROSS_DOCUMENT, [line("52.50", rate="12")])),
        Case("odoo 228437: 24.99 stays 24.99", Ticket(EUR, GROSS_LINE, [line("24.99", rate="20")])),
        Case("odoo 191983: yen", Ticket(JPY, GROSS_DOCUMENT, [line("13582", rate="10")] * 2)),
        *[Case(f"odoo 14054: {level}", Ticket(EUR, profile, invoice)) for level, profile in both],
        *[Case(f"odoo 37896: {at}", Ticket(EUR, by, [line("348.35", "16", "22", "4")])) for at, by in both],
        *[Case(f"odoo 24725: {level}", Ticket(EUR, by, [line("13.60", rate="6")] * 9)) for level, by in both],
        Case("odoo 155833: ten pieces on a line", Ticket(EUR, NET_LINE, [line("3.60", "10", "5.5")])),
        Case("odoo 12039: the line is taxed", Ticket(EUR, NET_LINE, [line("5.63", "4", "22")])),
        Case("Quebec: GST and QST", Ticket(CAD, NET_DOCUMENT, [several_taxes("100", "1", "5", "9.975")])),
        Case("Kuwait: three decimals", Ticket(KWD, NET_DOCUMENT, [line("1.255", "3", "5")])),
        Case("1000 screws at 0.01345", Ticket(EUR, GROSS_DOCUMENT, [line("0.01345", "1000")])),
        Case("0.864 kg at 1.89", Ticket(EUR, GROSS_DOCUMENT, [line("1.89", "0.864", "5")])),
        Case("the largest ticket", Ticket(EUR, NET_DOCUMENT, [line("10000", "1000000", "100")] * 3)),
        Case("a gift", Ticket(EUR, GROSS_DOCUMENT, [line("0", rate="21")]), [[]]),
    ]


def _discounted() -> list[Case]:
    three = [line("5.00", rate="21")] * 3
    mixed = [line("0.05", rate="21"), line("0.05", rate="9"), line("0.05"), line("12.34", "1.5", "9", 100)]
    ten, all_of_it, euro = TicketDiscount(Decimal(10)), TicketDiscount(Decimal(100)), TicketDiscount(amount_minor=100)
    return [
        Case("1.00 off three equal lines", Ticket(EUR, GROSS_DOCUMENT, three, euro)),
        Case("10 % off cents at three rates", Ticket(EUR, NET_DOCUMENT, mixed, ten)),
        Case("10 % off cents at three rates, per line", Ticket(EUR, NET_LINE, mixed, ten)),
        Case("everything given away", Ticket(EUR, NET_DOCUMENT, mixed, all_of_it), [[], [("cash", 0)]]),
        Case("a line given away", Ticket(EUR, GROSS_DOCUMENT, [line("9.99", "3", "21", "100"), line("1.00")])),
    ]


def _cash() -> list[Case]:
    lunch = [line("1.83", rate="5"), line("2.86", rate="5")]
    return [
        Case(
            "Canada 2012: 4.92 by card, 4.90 in cash",
            Ticket(CAD, NET_DOCUMENT, lunch, None, CANADA),
            [[("card", 492)], [("cash", 490)], [("cash", 500)], [("cash", 489)], [("card", 491)]],
        ),
        *[
            Case(
                f"Belgium: {1000 + cents} cents",
                Ticket(EUR, GROSS_DOCUMENT, [line(f"10.0{cents}", rate="21")], None, BELGIUM),
                [[("cash", 1005)], [("cash", 2000)], [("card", 500), ("cash", 600)]],
            )
            for cents in range(1, 10)
        ],
        Case("Belgium: 3 cents", Ticket(EUR, GROSS_DOCUMENT, [line("0.03")], None, BELGIUM), [[("cash", 5)]]),
        Case("Canada: 2 cents", Ticket(CAD, GROSS_DOCUMENT, [line("0.02")], None, CANADA), [[("cash", 0)], []]),
        Case("Sweden: 10.50", Ticket(SEK, GROSS_DOCUMENT, [line("10.50")], None, SWEDEN), [[("cash", 2000)]]),
        Case(
            "Denmark: 10.25 and change of 9.75",
            Ticket(currency("DKK"), GROSS_DOCUMENT, [line("10.25", rate="25")], None, DENMARK),
            [[("cash", 1050)], [("cash", 2000)]],
        ),
        Case(
            "New Zealand (A): due and change round 5 up",
            Ticket(currency("NZD"), GROSS_DOCUMENT, [line("10.05", rate="15")], None, NEW_ZEALAND),
            [[("cash", 1010)], [("cash", 2000)], [("card", 1006)], [("card", 1005), ("cash", 503)]],
        ),
    ]


def _refused() -> list[Case]:
    good = line("1.00")
    bad = [
        ("a negative price", line("-0.01")),
        ("a price with seven decimals", line("0.0000001")),
        ("no quantity", line("1.00", "0")),
        ("a negative quantity", line("1.00", "-1")),
        ("a quantity with four decimals", line("1.00", "0.0001")),
        ("half a piece", TicketLine(Decimal(1), Decimal("0.5"), Decimal(0), quantity_places=0)),
        ("too large a line", line("1000000.01", "1000000")),
        ("a tax above 100 %", line("1.00", "1", "100.0001")),
        ("a discount above the line", line("1.00", "1", "0", 101)),
        ("a discount above 100 %", line("1.00", "1", "0", "100.1")),
        ("parts that are not the rate", TicketLine(Decimal(1), Decimal(1), Decimal(21), tax_parts=(Decimal(20),))),
    ]
    return [
        Case("refused: an empty ticket", Ticket(EUR, GROSS_DOCUMENT, [])),
        Case("refused: too large a discount", Ticket(EUR, GROSS_DOCUMENT, [good], TicketDiscount(amount_minor=101))),
        *[Case(f"refused: {name}", Ticket(EUR, GROSS_DOCUMENT, [good, wrong])) for name, wrong in bad],
    ]


class Dice:
    """A linear congruential generator (Knuth's MMIX constants): the same numbers on every machine and version."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, limit: int) -> int:
        """Return a number from 0 to `limit` − 1."""
        self._state = (6364136223846793005 * self._state + 1442695040888963407) % 2**64
        return (self._state >> 33) % limit

    def decimal(self, limit: int, places: int) -> Decimal:
        """Return a decimal with `places` decimals from 1 of its last place to `limit` of them."""
        return Decimal(1 + self.below(limit)).scaleb(-places)


def drawn(count: int) -> list[Case]:
    """Return `count` cases that go round the currencies, profiles, discounts, cash roundings and ways to pay."""
    dice = Dice(20261121)
    return [_draw(dice, number) for number in range(count)]


def _draw(dice: Dice, number: int) -> Case:
    unit = (EUR, JPY, KWD, SEK)[number % 4]
    modes = list(RoundingMode)
    level = RoundingLevel.LINE if number % 3 == 0 else RoundingLevel.DOCUMENT
    profile = TaxProfile(number % 2 == 0, level, modes[number % 5])
    lines = [_draw_line(dice, unit) for _ in range(1 + dice.below(8))]
    discount = TicketDiscount(dice.decimal(10000, 2)) if dice.below(3) == 0 else None
    rounding = CashRounding(1 + dice.below(100), modes[dice.below(5)], modes[dice.below(5)], dice.below(10))
    ticket = Ticket(unit, profile, lines, discount, rounding if dice.below(2) else None)
    return Case(f"drawn {number}", ticket, _draw_payments(dice, price_ticket(ticket)))


def _draw_line(dice: Dice, unit: Currency) -> TicketLine:
    places = unit.exponent + dice.below(5)
    rate = (Decimal(0), Decimal(5), Decimal("9.975"), Decimal(20), Decimal(21))[dice.below(5)]
    kind = dice.below(5)
    return TicketLine(
        unit_price=dice.decimal(10 ** (places + 1 + dice.below(2)), places),
        quantity=dice.decimal(5000, 3) if dice.below(3) == 0 else Decimal(1 + dice.below(12)),
        tax_rate=rate,
        discount=LineDiscount(dice.decimal(1000000, 4)) if kind == 0 else None,
        tax_parts=(Decimal(5), rate - 5) if kind == 1 and rate > 5 else (),
        tax_category="Z" if rate == 0 and kind == 2 else "S",
    )


def _draw_payments(dice: Dice, priced: PricedTicket) -> list[Tenders]:
    card = 1 + dice.below(max(priced.total_minor, 1))
    return [
        [("cash", priced.cash_total_minor)],
        [("cash", priced.cash_total_minor + dice.below(5000))],
        [("card", card), ("cash", 10 * priced.total_minor // 9)],
        [("card", priced.total_minor + dice.below(2))],
        [("cash", priced.total_minor // 2)],
    ]
