"""Write the vectors that the Python and the TypeScript money engine must both reproduce.

The file holds inputs and the Python engine's results; goldens stand as literals in the tests of the engine, so that
writing the file anew cannot hide a change. Usage: python -m tools.money_vectors [--check].
"""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from decimal import Decimal
from functools import partial

from tools.money_cases import Case, Dice, Tenders, drawn, hand_made
from tools.process import ROOT
from tradepost.money.allocation import allocate
from tradepost.money.currency import Currency, active_codes, currency, format_minor, parse_amount, to_minor
from tradepost.money.discount import Discount
from tradepost.money.errors import MoneyError, TenderTooHigh, TenderTooLow
from tradepost.money.refund import Left, SoldLine, give_back, round_cash_back, to_pay_out
from tradepost.money.rounding import CashRounding, RoundingMode, round_to_minor
from tradepost.money.tender import settle
from tradepost.money.ticket import Ticket, TicketLine, price_ticket

TARGET = ROOT / "tradepost" / "src" / "tradepost" / "money" / "vectors.json"
DRAWN = 80
Json = Mapping[str, object]


def write() -> str:
    """Return the text of the vectors: one case on each line, so that a change reads well."""
    sections: dict[str, Sequence[Json]] = {
        "currencies": [{"code": code, "exponent": currency(code).exponent} for code in active_codes()],
        "amounts": _amounts(),
        "roundings": _roundings(),
        "allocations": _allocations(),
        "refunds": _refunds(),
        "repayments": _repayments(),
        "tickets": [_ticket_case(case) for case in [*hand_made(), *drawn(DRAWN)]],
    }
    listed = [f'"{name}": [\n{_rows(rows)}\n]' for name, rows in sections.items()]
    return "{\n" + ",\n".join(listed) + "\n}\n"


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with --check say whether it is current; return the exit code."""
    text = write()
    if "--check" not in arguments:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TARGET.relative_to(ROOT)} is not current: run python -m tools.money_vectors and look at what changed.")
    return 1


def _rows(rows: Sequence[Json]) -> str:
    return ",\n".join(json.dumps(row, ensure_ascii=False, default=_plain) for row in rows)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(f"{type(value).__name__} has no place in the vectors")


def _outcome(compute: Callable[[], object]) -> Json:
    """Return the result under "result", or the refusal under "error"."""
    try:
        return {"result": compute()}
    except MoneyError as error:
        refusal: dict[str, object] = {"code": error.code}
        if error.line is not None:
            refusal["line"] = error.line
        if isinstance(error, TenderTooLow):
            refusal["missing_minor"] = error.missing_minor
        if isinstance(error, TenderTooHigh):
            refusal["excess_minor"] = error.excess_minor
        return {"error": refusal}


def _amounts() -> list[Json]:
    texts = ["12.50", "12.5", "0.05", "-0.05", "0", "1.999", "1,5", " 7 ", "1e3", "", ".5", "5.", "१", "NaN", "1_0"]
    texts += [
        "0.001",
        "1.2300",
        "20000000000000",
        "20000000000000.01",
        "-20000000000000.01",
        "2000000000000000",
        "9" * 16,
        "9" * 17,
    ]
    units = [currency(code) for code in ("EUR", "JPY", "KWD")]
    return [_amount(text, unit) for text in texts for unit in units]


def _amount(text: str, unit: Currency) -> Json:
    typed = _outcome(partial(parse_amount, text, unit))
    minor = typed.get("result")
    written = format_minor(minor, unit) if isinstance(minor, int) else None
    return {
        "text": text,
        "currency": unit.code,
        "plain": _outcome(partial(to_minor, text, unit)),
        "typed": typed,
        "written": written,
    }


def _roundings() -> list[Json]:
    texts = ["0", "0.4", "0.5", "0.6", "1.5", "2.5", "-0.5", "-1.5", "-2.51", "0.0000001", "1999999999999999.5", "7"]
    return [
        {"amount": text, "mode": mode.value, **_outcome(partial(round_to_minor, Decimal(text), mode))}
        for text in texts
        for mode in RoundingMode
    ]


def _allocations() -> list[Json]:
    dice = Dice(6)
    hand: list[tuple[int, list[int]]] = [
        (100, [1, 1, 1]),
        (5, [3, 7]),
        (5, [7, 3]),
        (10, [0, 0, 0]),
        (0, []),
        (-100, [1, 1, 1]),
        (101, [333, 333, 334]),
        (2 * 10**15, [10**12, 10**12 - 1, 1]),
        (5, []),
        (5, [1, -1]),
    ]
    more = [(dice.below(10**6), [dice.below(50) for _ in range(1 + dice.below(9))]) for _ in range(20)]
    return [
        {"total_minor": total, "weights": weights, **_outcome(partial(allocate, total, weights))}
        for total, weights in [*hand, *more]
    ]


def _refunds() -> list[Json]:
    """Return lines that come back in parts; after each part the next begins."""
    dice = Dice(15)
    hand = [
        ("3", 833, 167, ["1", "1", "1"]),
        ("2.750", 700, 125, ["0.333", "2.417"]),
        ("1", 0, 0, ["1"]),
        ("4", 1, 1, ["1", "1", "1", "1"]),
        ("3", 833, 167, ["4"]),
        ("3", 833, 167, ["0"]),
        ("3", 833, 167, ["1", "0.0001"]),
    ]
    more = []
    for _ in range(20):
        parts = [1 + dice.below(5000) for _ in range(1 + dice.below(4))]
        net = dice.below(10**5)
        more.append((_thousandths(sum(parts)), net, dice.below(net + 1), [_thousandths(part) for part in parts]))
    return [
        _refund(SoldLine(Decimal(quantity), net, tax), list(map(Decimal, parts)), mode)
        for quantity, net, tax, parts in [*hand, *more]
        for mode in RoundingMode
    ]


def _thousandths(count: int) -> str:
    return f"{Decimal(count) / 1000:f}"


def _refund(line: SoldLine, parts: Sequence[Decimal], mode: RoundingMode) -> Json:
    before = [sum(parts[:place], Decimal(0)) for place in range(len(parts))]
    back = [
        {"before": start, "quantity": part, **_outcome(partial(_given, line, start, part, mode))}
        for start, part in zip(before, parts, strict=True)
    ]
    return {"line": asdict(line), "mode": mode.value, "parts": back}


def _given(line: SoldLine, before: Decimal, quantity: Decimal, mode: RoundingMode) -> Json:
    return asdict(give_back(line, before, quantity, mode))


def _repayments() -> list[Json]:
    roundings = (None, CashRounding(5, RoundingMode.HALF_UP, RoundingMode.HALF_DOWN, above_minor=5))
    return [
        {
            "total_minor": total,
            "left_minor": left,
            "is_last": is_last,
            "cash_rounding": None if rounding is None else asdict(rounding),
            "due_minor": (due := to_pay_out(total, Left(left, 0), is_last=is_last)),
            "cash_minor": round_cash_back(due, left, rounding),
        }
        for total, left in ((502, 1005), (501, 505), (498, 498), (4, 4), (4, 0), (0, 7), (1001, 1000))
        for is_last in (False, True)
        for rounding in roundings
    ]


def _ticket_case(case: Case) -> Json:
    priced = _outcome(lambda: asdict(price_ticket(case.ticket)))
    row: dict[str, object] = {"name": case.name, "ticket": _ticket(case.ticket), **priced}
    if "result" in priced:
        total = price_ticket(case.ticket).total_minor
        row["payments"] = [_payment(total, tenders, case.ticket.cash_rounding) for tenders in case.payments]
    return row


def _payment(total_minor: int, tenders: Tenders, rounding: CashRounding | None) -> Json:
    return {
        "tenders": [{"kind": kind, "amount_minor": amount_minor} for kind, amount_minor in tenders],
        **_outcome(lambda: asdict(settle(total_minor, tenders, rounding))),
    }


def _ticket(ticket: Ticket) -> Json:
    return {
        "currency": ticket.currency.code,
        "profile": asdict(ticket.profile),
        "lines": [_line(line) for line in ticket.lines],
        **({"discount": _discount(ticket.discount)} if ticket.discount else {}),
        **({"cash_rounding": asdict(ticket.cash_rounding)} if ticket.cash_rounding else {}),
    }


def _line(line: TicketLine) -> Json:
    """Return the line without what has its usual value."""
    usual = {field.name: field.default for field in fields(line)}
    values = {**asdict(line), "discount": _discount(line.discount)}
    return {name: value for name, value in values.items() if value != usual[name]}


def _discount(discount: Discount | None) -> Json | None:
    """Return only the member that is set."""
    if discount is None:
        return None
    return {name: value for name, value in asdict(discount).items() if value is not None}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
