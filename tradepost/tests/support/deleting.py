"""Deletes business rules while the tests run that name them: a plugin of pytest, for `architecture/test_rules.py`.

Each rule is a piece of a function. While its test runs, the function does without it, wherever it was imported.
"""

import inspect
import textwrap
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import FunctionType

import pytest

MONEY = "tradepost/tests/money"
TILL = "tradepost/tests/pos/service"
IDENTITY = "mainstay/tests/modules/identity"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: the function that has it (`module:name`), the piece that is it, what is left without it, and its test."""

    function: str
    piece: str
    without: str
    test: str

    def found(self) -> FunctionType:
        """Return the function."""
        module, _, name = self.function.partition(":")
        function = getattr(import_module(module), name)
        assert isinstance(function, FunctionType), f"{self.function} is not a plain function"
        return function


RULES = (
    Rule(
        "tradepost.money.tender:settle",
        "if non_cash > total_minor:",
        "if False:",
        f"{MONEY}/test_tender.py::test_a_card_gives_no_change",
    ),
    Rule(
        "tradepost.money.tender:_change",
        "min(max(change, 0), tendered)",
        "change",
        f"{MONEY}/test_tender.py::test_odd_coins_turn_change_into_neither_a_gift_nor_a_demand",
    ),
    Rule(
        "tradepost.money.rounding:round_cash_due",
        "due_minor <= rounding.above_minor",
        "False",
        f"{MONEY}/test_rounding.py::test_the_threshold_itself_stays_exact",
    ),
    Rule(
        "tradepost.money.discount:take_discount",
        "if amount_minor > base_minor:",
        "if False:",
        f"{MONEY}/test_discount.py::test_a_discount_outside_its_limits_is_refused",
    ),
    Rule(
        "tradepost.catalog.codes.gtin:check_digit",
        "3 * sum(places[::2])",
        "sum(places[::2])",
        "tradepost/tests/catalog/codes/test_gtin.py::test_the_check_digit_of_the_standard_is_right",
    ),
    Rule(
        "tradepost.shop.service.days:business_day",
        "if moment < day_start(time_zone, day_cutoff, day):",
        "if False:",
        "tradepost/tests/shop/service/test_days.py::test_a_sale_before_the_cut_off_belongs_to_the_day_before",
    ),
    Rule(
        "tradepost.pos.service.checkout:_replay",
        ' or stored["content_hash"] != content_hash',
        "",
        f"{TILL}/test_checkout.py::test_the_same_id_with_other_content_is_refused",
    ),
    Rule(
        "tradepost.pos.service.shifts:close_shift",
        'if shift["counted_minor"] != counted_minor:',
        "if False:",
        f"{TILL}/test_shifts.py::test_closing_again_with_another_count_is_refused",
    ),
    Rule(
        "tradepost.pos.service.approving:lacking",
        "if not gives_discount or uow.actor.may(DISCOUNT.name):",
        "if True:",
        f"{TILL}/test_checkout_refusals.py::test_a_discount_needs_the_right",
    ),
    # A rule of a job.
    Rule(
        "tradepost.stock.service:open_from_import",
        " if variant not in kept",
        "",
        "tradepost/tests/stock/test_jobs.py::test_a_later_file_does_not_overwrite_a_living_ledger",
    ),
    Rule(
        "tradepost.crm.service.merging:_check_seen",
        "if changed:",
        "if False:",
        "tradepost/tests/crm/service/test_merging.py::test_who_was_not_seen_as_it_is_now_is_not_merged",
    ),
    Rule(
        "mainstay.modules.identity.service.policy:problem_of",
        '"holds_own_words" if any(part in plain for part in _parts(own)) else None',
        "None",
        f"{IDENTITY}/service/test_policy.py::test_a_guessable_password_is_refused_with_its_reason",
    ),
    Rule(
        "mainstay.modules.identity.service.approvals:give",
        "if given.person_id == bound.requester_id:",
        "if False:",
        f"{IDENTITY}/service/test_approvals.py::test_nobody_approves_their_own_act",
    ),
    # Of what every module uses.
    Rule(
        "mainstay.sheet.formulas:harmless",
        """f"'{cell}" if is_formula else cell""",
        "cell",
        "mainstay/tests/sheet/test_formulas.py::test_a_cell_that_would_be_run_becomes_text",
    ),
)


@contextmanager
def deleted(rule: Rule) -> Iterator[None]:
    """Have the function do without the rule."""
    function = rule.found()
    source = textwrap.dedent(inspect.getsource(function))
    assert source.count(rule.piece) == 1, f"{rule.function} has no such rule any more: {rule.piece}"
    made: dict[str, FunctionType] = {}
    exec(source.replace(rule.piece, rule.without), function.__globals__, made)  # noqa: S102  our own source
    before = function.__code__
    function.__code__ = made[function.__name__].__code__
    try:
        yield
    finally:
        function.__code__ = before


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Run each test without the rule that it names."""
    rule = next(each for each in RULES if item.nodeid.partition("[")[0] == each.test)
    with deleted(rule):
        return (yield)
