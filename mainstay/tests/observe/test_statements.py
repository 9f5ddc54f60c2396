"""A tally knows what was slow and what was repeated, and tells it once."""

import pytest
from structlog.testing import capture_logs

from mainstay.observe.counters import Counters
from mainstay.observe.statements import MOST_TEXT, MOST_TOLD, Repeated, Statements


@pytest.fixture
def statements() -> Statements:
    """Slow is what takes a tenth of a second, repeated what is run more than twice."""
    return Statements(Counters(), 0.1, 2)


def numbers(statements: Statements) -> str:
    return statements._counters.text()


def test_a_tally_without_statements_says_nothing(statements: Statements) -> None:
    with capture_logs() as lines:
        statements.tell("GET /a", statements.begin())

    assert (lines, numbers(statements)) == ([], "")


def test_the_numbers_of_a_place_add_up(statements: Statements) -> None:
    for _ in range(2):
        tally = statements.begin()
        tally.note("SELECT 1", 0.05)
        tally.note("SELECT 2", 0.05)
        statements.tell("GET /a", tally)

    assert 'mainstay_statements_total{place="GET /a"} 4\n' in numbers(statements)
    assert 'mainstay_statement_seconds_total{place="GET /a"} 0.2\n' in numbers(statements)


def test_only_what_is_slow_is_told_and_not_without_end(statements: Statements) -> None:
    tally = statements.begin()
    tally.note("SELECT 'quick'", 0.0999)
    for number in range(MOST_TOLD + 3):
        tally.note(f"SELECT\n    {number} {'x' * MOST_TEXT}", 0.1)

    with capture_logs() as lines:
        statements.tell("GET /a", tally)

    assert [line["statement"][:8] for line in lines] == [f"SELECT {number}" for number in range(MOST_TOLD)]
    assert {len(line["statement"]) for line in lines} == {MOST_TEXT}
    assert f'mainstay_slow_statements_total{{place="GET /a"}} {MOST_TOLD + 3}\n' in numbers(statements)


@pytest.mark.parametrize(("times", "told"), [(2, []), (3, [Repeated("GET /a", "SELECT 1", 3)])])
def test_what_is_repeated_more_often_than_allowed_is_told(
    statements: Statements, times: int, told: list[Repeated]
) -> None:
    tally = statements.begin()
    for number in range(3):
        tally.note(f"SELECT 'another {number}'", 0.01)
    for _ in range(times):
        tally.note("SELECT 1", 0.01)

    with capture_logs() as lines:
        statements.tell("GET /a", tally)

    assert list(statements.repeated) == told
    assert [(line["event"], line["times"]) for line in lines] == [("repeated statement", each.times) for each in told]


def test_whoever_tests_without_a_program_is_told_of_nothing() -> None:
    statements = Statements.of_nobody()
    tally = statements.begin()
    for _ in range(1000):
        tally.note("SELECT 1", 1000)

    statements.tell("GET /a", tally)

    assert not statements.repeated
