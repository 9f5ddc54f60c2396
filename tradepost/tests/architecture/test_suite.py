"""`make test` ends with pytest's own closing line and with its exit code."""

import pytest

from tools.suite import CLOSING
from tools.working_copy import WorkingCopy

FILE = "tradepost/tests/test_planted.py"
# What is planted needs no fixture, and the small copy has none.
PLAIN = ("--noconftest", "-p", "no:mainstay")


@pytest.mark.parametrize(
    "line",
    [
        "===== 12 passed in 3.45s =====",
        "= 1 failed, 2 passed, 3 warnings in 61.20s (0:01:01) =",
        "== no tests ran in 0.01s ==",
    ],
)
def test_closing_lines_are_recognised(line: str) -> None:
    assert CLOSING.match(line)


@pytest.mark.parametrize("line", ["===== FAILURES =====", "12 passed", "== short test summary info =="])
def test_other_lines_are_not(line: str) -> None:
    assert not CLOSING.match(line)


@pytest.mark.parametrize(("claim", "code", "said"), [("True", 0, "1 passed in"), ("False", 1, "1 failed in")])
def test_the_exit_code_is_the_runners(small_copy: WorkingCopy, claim: str, code: int, said: str) -> None:
    small_copy.append(FILE, f'"""Planted."""\n\n\ndef test_planted():\n    assert {claim}\n')
    answer = small_copy.tool("suite", *PLAIN, FILE)
    assert answer.code == code, answer.output
    *_, before, last = answer.output.rstrip().splitlines()
    assert said in last
    assert (before == f"{FILE}::test_planted (call): assert False") == (code == 1)


def test_a_run_that_breaks_off_says_why_in_the_end(small_copy: WorkingCopy) -> None:
    small_copy.append(FILE, '"""Planted."""\n\n\ndef test_planted():\n    assert True\n')
    small_copy.append("breaking.py", 'def pytest_runtest_logstart():\n    raise OSError(28, "no space")\n')
    answer = small_copy.tool("suite", *PLAIN, "-p", "breaking", FILE)

    assert answer.code != 0
    assert answer.output.rstrip().splitlines()[-2] == "pytest broke off: OSError: [Errno 28] no space"
