"""`make check` runs every step, reports all failures together, and each kind of violation turns it red."""

import pytest

from tools.check import Step, run, run_all
from tools.working_copy import WorkingCopy

OPENING = '"""An example."""\n\n'
# The step, the file, what is planted in it, and what the report names.
PLANTED = [
    ("format", "tools/example.py", OPENING + "answer = {  }\n", "answer = {}"),
    ("lint", "tools/example.py", OPENING + "import os\n", "F401"),
    ("lint", "mainstay/src/mainstay/web/example.py", OPENING + "import os\n", "F401"),
    (
        "types",
        "tools/example.py",
        OPENING + 'ONE: int = "1"\nTWO: int = "2"  # type: ignore\n',
        "[ignore-without-code]",
    ),
    (
        "import contracts",
        "mainstay/src/mainstay/clock.py",
        "import tradepost.money.currency\n",
        "never the other way round BROKEN",
    ),
    ("names, sizes, stubs", "tools/utils.py", OPENING, "the name does not say what the file is for"),
    ("unused code", "tools/example.py", OPENING + "import colorsys\n", "unused import 'colorsys'"),
    ("spelling", "docs/example.md", "It must not occ" + "ured.\n", "occurred"),
    ("host names and machine paths", "docs/example.md", "https://py" + "pi.org\n", "host name"),
    ("lists of practices and rules", "docs/practices.md", "\n", "docs/practices.md is stale"),
    ("dependencies of tradepost", "tradepost/src/tradepost/main.py", "import psutil\n", "psutil"),
    (
        "migrations stop nobody",
        "mainstay/src/mainstay/migrations/versions/x.py",
        'revision = "x"\ndown_revision = "m0001"\nbranch_labels = depends_on = None\n'
        "from alembic import op\n"
        'def upgrade():\n    op.execute("CREATE INDEX ix_planted ON mainstay_event (name)")\n',
        "x: require-concurrent-index-creation",
    ),
    (
        "one migration head each",
        "tradepost/src/tradepost/migrations/versions/x.py",
        'revision = "x"\ndown_revision = None\n',
        "2 heads",
    ),
]


def test_every_failure_is_reported_and_none_stops_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    steps = [
        Step("first", (("sh", "-c", "echo first trouble; exit 3"),)),
        Step("second", (("sh", "-c", "echo quiet success"),)),
        Step("third", (("true",), ("sh", "-c", "echo third trouble >&2; exit 1"), ("sh", "-c", "echo never"))),
    ]
    outcomes = run_all(steps)
    assert [outcome.passed for outcome in outcomes] == [False, True, False]
    printed = capsys.readouterr().out
    assert "first trouble" in printed
    assert "third trouble" in printed
    assert "quiet success" not in printed
    assert "never" not in printed
    assert "ended with 3" in printed


def test_a_step_that_needs_all_its_commands_passes_only_with_all() -> None:
    assert run(Step("both", (("true",), ("true",)))).passed
    assert not run(Step("one", (("true",), ("false",)))).passed


def test_an_unknown_step_is_refused(small_copy: WorkingCopy) -> None:
    answer = small_copy.tool("check", "spellling")
    assert answer.code == 1
    assert answer.output.startswith("There are these steps: ")


@pytest.mark.long
@pytest.mark.practice(111)
@pytest.mark.parametrize(("step", "file", "text", "named"), PLANTED)
def test_each_broken_rule_turns_its_step_red(copy: WorkingCopy, step: str, file: str, text: str, named: str) -> None:
    copy.append(file, text)
    if step == "types":
        copy.remember_types()
    answer = copy.tool("check", step)
    assert answer.code == 1
    assert f"FAILED  {step}" in answer.output
    assert named in answer.output
    assert "1 of 1 checks failed in" in answer.output


@pytest.mark.practice(16)
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("def read(text: str) -> object:\n    return eval(text)\n", ("B307", "S307")),
        ('import hashlib\n\nSUM = hashlib.md5(b"")\n', ("B324", "S324")),
    ],
)
def test_an_eval_and_a_weak_hash_fail_the_pipeline(small_copy: WorkingCopy, text: str, named: tuple[str, str]) -> None:
    small_copy.append("tradepost/src/tradepost/stock/service.py", f"\n\n{text}")
    answer = small_copy.tool("check", "security", "lint")
    assert answer.code == 1
    assert [name for name in named if name not in answer.output] == []
    assert "2 of 2 checks failed" in answer.output


def test_a_failing_stage_of_the_pipeline_stops_it(small_copy: WorkingCopy) -> None:
    make = small_copy.root / "bin" / "make"
    small_copy.append("bin/make", '#!/bin/sh\necho "make $1"\n[ "$1" != "$FAILING" ]\n')
    make.chmod(0o755)
    path = f"{make.parent}:/usr/bin:/bin"
    both = small_copy.run("env", f"PATH={path}", "FAILING=none", ".ci/run")
    first = small_copy.run("env", f"PATH={path}", "FAILING=check", ".ci/run")
    second = small_copy.run("env", f"PATH={path}", "FAILING=test", ".ci/run")
    assert (both.code, both.output) == (0, "make check\nmake test\n")
    assert (first.code, first.output) == (1, "make check\n")
    assert (second.code, second.output) == (1, "make check\nmake test\n")
