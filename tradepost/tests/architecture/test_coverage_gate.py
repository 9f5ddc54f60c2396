"""The coverage gates judge lines and branches apart, per distribution and per file."""

import pytest

from tools.coverage_gate import Summary, judge


def measured(lines: int, branches: int) -> Summary:
    """Return the figures of a file in which so many of 100 lines and 100 branches were reached."""
    return Summary(covered_lines=lines, num_statements=100, covered_branches=branches, num_branches=100)


GOOD = {
    "mainstay/src/mainstay/work.py": measured(90, 90),
    "tradepost/src/tradepost/main.py": measured(90, 90),
    "tradepost/src/tradepost/money/tax.py": measured(100, 100),
}


def test_measured_figures_at_the_gates_pass() -> None:
    assert judge(GOOD) == []


@pytest.mark.parametrize(
    ("file", "summary", "line"),
    [
        ("mainstay/src/mainstay/work.py", measured(89, 100), "coverage: mainstay: lines are below 90 %"),
        ("mainstay/src/mainstay/work.py", measured(100, 89), "coverage: mainstay: branches are below 90 %"),
        ("tradepost/src/tradepost/main.py", measured(79, 100), "coverage: tradepost: lines are below 90 %"),
        ("tradepost/src/tradepost/money/tax.py", measured(99, 100), "coverage: tradepost/money: lines are below 100 %"),
        (
            "tradepost/src/tradepost/money/tax.py",
            measured(100, 99),
            "coverage: tradepost/money: branches are below 100 %",
        ),
    ],
)
def test_a_figure_below_its_gate_is_reported(file: str, summary: Summary, line: str) -> None:
    assert judge(GOOD | {file: summary}) == [line]


def test_one_file_without_tests_is_reported_even_when_the_sum_is_high() -> None:
    large = Summary(covered_lines=9900, num_statements=9900, covered_branches=0, num_branches=0)
    files = GOOD | {"mainstay/src/mainstay/large.py": large, "mainstay/src/mainstay/new.py": measured(10, 100)}
    assert judge(files) == [
        "coverage: mainstay/src/mainstay/new.py: 10.0 % of its lines, every file needs 70 %",
    ]


def test_nothing_measured_is_below_every_gate() -> None:
    assert judge({}) == [
        "coverage: nothing of mainstay was measured",
        "coverage: nothing of tradepost was measured",
        "coverage: nothing of tradepost/money was measured",
    ]
