"""The vectors shared with the web till: the Python engine gives exactly what stands in vectors.json (rules 1 to 8)."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import tradepost.money
from tradepost.money.allocation import allocate
from tradepost.money.currency import active_codes, currency, format_minor, parse_amount, to_minor
from tradepost.money.discount import LineDiscount, TicketDiscount
from tradepost.money.errors import MoneyError
from tradepost.money.refund import Left, SoldLine, give_back, round_cash_back, to_pay_out
from tradepost.money.rounding import CashRounding, RoundingMode, round_to_minor
from tradepost.money.tax import RoundingLevel, TaxProfile
from tradepost.money.tender import settle
from tradepost.money.ticket import Ticket, TicketLine, price_ticket

Record = dict[str, Any]
VECTORS: dict[str, list[Record]] = json.loads((Path(tradepost.money.__path__[0]) / "vectors.json").read_text())
PRICED = [case for case in VECTORS["tickets"] if "result" in case]
REFUSED = [case for case in VECTORS["tickets"] if "error" in case]
PAYMENTS = [(case, payment) for case in PRICED for payment in case["payments"]]


def read_discount(values: Record | None) -> Record | None:
    if values is None:
        return None
    return {"percent": Decimal(values["percent"])} if "percent" in values else values


def read_line(values: Record) -> TicketLine:
    discount = read_discount(values.get("discount"))
    return TicketLine(
        unit_price=Decimal(values["unit_price"]),
        quantity=Decimal(values["quantity"]),
        tax_rate=Decimal(values["tax_rate"]),
        discount=LineDiscount(**discount) if discount else None,
        tax_parts=tuple(Decimal(part) for part in values.get("tax_parts", [])),
        tax_category=values.get("tax_category", "S"),
        quantity_places=values.get("quantity_places", 3),
    )


def read_rounding(values: Record | None) -> CashRounding | None:
    if values is None:
        return None
    ties = RoundingMode(values["due_tie"]), RoundingMode(values["change_tie"])
    return CashRounding(values["increment_minor"], *ties, values["above_minor"])


def read_ticket(values: Record) -> Ticket:
    profile, discount = values["profile"], read_discount(values.get("discount"))
    return Ticket(
        currency=currency(values["currency"]),
        profile=TaxProfile(
            profile["prices_include_tax"],
            RoundingLevel(profile["rounding_level"]),
            RoundingMode(profile["rounding_mode"]),
        ),
        lines=[read_line(line) for line in values["lines"]],
        discount=TicketDiscount(**discount) if discount else None,
        cash_rounding=read_rounding(values.get("cash_rounding")),
    )


def plain(record: object) -> object:
    """Return what JSON makes of a result."""
    return json.loads(json.dumps(record, default=str))


def refusal(error: MoneyError) -> Record:
    shown = {
        "code": error.code,
        "line": error.line,
        "missing_minor": getattr(error, "missing_minor", None),
        "excess_minor": getattr(error, "excess_minor", None),
    }
    return {name: value for name, value in shown.items() if value is not None}


def test_there_are_enough_vectors() -> None:
    assert (len(PRICED) >= 100, len(REFUSED) >= 12, len(PAYMENTS) >= 400) == (True, True, True)


@pytest.mark.parametrize("case", PRICED, ids=lambda case: case["name"])
def test_a_ticket_is_priced_as_the_vectors_say(case: Record) -> None:
    assert plain(asdict(price_ticket(read_ticket(case["ticket"])))) == case["result"]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_a_ticket_is_refused_as_the_vectors_say(case: Record) -> None:
    with pytest.raises(MoneyError) as caught:
        price_ticket(read_ticket(case["ticket"]))
    assert refusal(caught.value) == case["error"]


@pytest.mark.parametrize(("case", "payment"), PAYMENTS, ids=lambda part: part.get("name", "payment"))
def test_a_payment_settles_as_the_vectors_say(case: Record, payment: Record) -> None:
    tenders = [(tender["kind"], tender["amount_minor"]) for tender in payment["tenders"]]
    rounding, total_minor = read_rounding(case["ticket"].get("cash_rounding")), case["result"]["total_minor"]
    if "result" in payment:
        assert asdict(settle(total_minor, tenders, rounding)) == payment["result"]
    else:
        with pytest.raises(MoneyError) as caught:
            settle(total_minor, tenders, rounding)
        assert refusal(caught.value) == payment["error"]


def outcome(compute: Callable[..., object], *arguments: object) -> Record:
    try:
        return {"result": compute(*arguments)}
    except MoneyError as error:
        return {"error": refusal(error)}


def test_currencies_are_those_of_the_vectors() -> None:
    assert [(case["code"], case["exponent"]) for case in VECTORS["currencies"]] == [
        (code, currency(code).exponent) for code in active_codes()
    ]


def test_amounts_are_read_and_written_as_the_vectors_say() -> None:
    for case in VECTORS["amounts"]:
        unit = currency(case["currency"])
        assert outcome(to_minor, case["text"], unit) == case["plain"]
        assert outcome(parse_amount, case["text"], unit) == case["typed"]
        if case["written"] is not None:
            assert format_minor(case["typed"]["result"], unit) == case["written"]


def test_amounts_are_rounded_as_the_vectors_say() -> None:
    for case in VECTORS["roundings"]:
        expected = {name: case[name] for name in ("result", "error") if name in case}
        assert outcome(round_to_minor, Decimal(case["amount"]), RoundingMode(case["mode"])) == expected


def test_amounts_are_shared_out_as_the_vectors_say() -> None:
    for case in VECTORS["allocations"]:
        expected = {name: case[name] for name in ("result", "error") if name in case}
        assert outcome(allocate, case["total_minor"], case["weights"]) == expected


def test_sales_are_given_back_in_parts_as_the_vectors_say() -> None:
    """Rules 14 and 15."""
    assert sum(len(case["parts"]) for case in VECTORS["refunds"]) > 200
    for case in VECTORS["refunds"]:
        line = SoldLine(Decimal(case["line"]["quantity"]), case["line"]["net_minor"], case["line"]["tax_minor"])
        for part in case["parts"]:
            expected = {name: part[name] for name in ("result", "error") if name in part}
            given = line, Decimal(part["before"]), Decimal(part["quantity"]), RoundingMode(case["mode"])
            assert plain(outcome(lambda *one: asdict(give_back(*one)), *given)) == expected


def test_refunds_are_paid_out_as_the_vectors_say() -> None:
    """Rule 8."""
    for case in VECTORS["repayments"]:
        due = to_pay_out(case["total_minor"], Left(case["left_minor"], 0), is_last=case["is_last"])
        cash = round_cash_back(due, case["left_minor"], read_rounding(case["cash_rounding"]))
        assert (due, cash) == (case["due_minor"], case["cash_minor"])


def test_the_file_is_what_the_tool_writes() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-m", "tools.money_vectors", "--check"], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
