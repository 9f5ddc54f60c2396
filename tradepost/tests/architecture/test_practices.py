"""The pages of practices and rules say which tests prove what, and go stale visibly."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.practices import Proof, collect, named_rules, practices_page, rules_page
from tools.working_copy import WorkingCopy

SOURCE = '''"""Tests of the till. Rule 9."""

import pytest

pytestmark = pytest.mark.practice(1)


@pytest.mark.practice(44, 45)
async def test_a_sale_is_whole():
    """Rules 16 to 18 and 21."""
    assert True


@pytest.mark.practice(46)
class TestMoney:
    """Rule 1."""

    def test_cents(self):
        assert True


def helper():
    """Rule 42."""
'''


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("rule 17", {17}),
        ("Rules 1 to 8 hold", {1, 2, 3, 4, 5, 6, 7, 8}),
        ("rules 9, 11 and 16 to 19", {9, 11, 16, 17, 18, 19}),
        ("see rule 3 and also rule 5", {3, 5}),
        ("rules 26–28", {26, 27, 28}),
        ("5 rules and no number", set()),
    ],
)
def test_rules_are_read_from_a_sentence(text: str, numbers: set[int]) -> None:
    assert named_rules(text) == numbers


def test_markers_and_docstrings_are_collected(write: Callable[[str, str], Path]) -> None:
    path = write("tests/test_till.py", SOURCE)
    found = collect(path.parent.parent, [path])
    sale, cents = Proof("tests/test_till.py", "test_a_sale_is_whole"), Proof("tests/test_till.py", "test_cents")
    assert set(found.practices) == {1, 44, 45, 46}
    assert set(found.practices[1]) == {sale, cents}
    assert found.practices[45] == [sale]
    assert found.practices[46] == [cents]
    assert found.rules == {
        1: [cents],
        9: [Proof("tests/test_till.py", "test_till")],
        16: [sale],
        17: [sale],
        18: [sale],
        21: [sale],
    }


def test_a_row_without_a_test_shows_as_open() -> None:
    listed = "| 1 | Security | Headers | Dump them |\n| 2 | Security | CSP | Walk |\n"
    page = practices_page(listed, {2: [Proof("tests/test_csp.py", "test_no_inline_script")]})
    assert "1 of 2 practices have a test" in page
    assert "| 1 | Security | Headers | Dump them | open |" in page
    assert "| 2 | Security | CSP | Walk | [no inline script](../tests/test_csp.py) |" in page


def test_a_rule_is_listed_without_its_sources() -> None:
    page = rules_page("# Rules\n\n17. A number is a label. [odoo#16781]\n", {})
    assert "| 17 | A number is a label. | open |" in page
    assert "0 of 1 rules are named" in page


def test_the_check_reports_stale_pages_and_unknown_numbers(small_copy: WorkingCopy) -> None:
    assert small_copy.tool("practices").code == 0
    assert small_copy.tool("practices", "--check").code == 0
    small_copy.append(
        "tradepost/tests/test_new.py", "@pytest.mark.practice(1, 999)\ndef test_new():\n    assert True\n"
    )
    answer = small_copy.tool("practices", "--check")
    assert answer.code == 1
    assert "docs/practices.md is stale" in answer.output
    assert "tradepost/tests/test_new.py: test_new names practice 999, which is in no list" in answer.output
