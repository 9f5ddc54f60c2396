"""File names, sizes, stubs, silence and tests that cannot fail: what the style refuses is found."""

import pytest

from tools.process import ROOT
from tools.shape import check
from tools.tree import findings
from tools.working_copy import WorkingCopy

OPENING = '"""A file of a test."""\n'
# Split, so that this file does not hold what it plants.
SKIP = "pytest.mark." + "skip"
UNFINISHED = "TO" + "DO"

# The file, its text, and the finding.
PLANTED = [
    ("tradepost/src/tradepost/stock/utils.py", OPENING, "the name does not say what the file is for"),
    ("mainstay/src/mainstay/helpers/words.py", OPENING, "the name does not say what the file is for"),
    ("web/src/common/words.ts", "/** Words. */\n", "the name does not say what the file is for"),
    ("tradepost/src/tradepost/stock/counting.py", OPENING, "'counting.py' is not a file of a module"),
    ("mainstay/src/mainstay/modules/identity/tokens/a.py", OPENING, "'tokens' is not a file of a module"),
    ("tradepost/src/tradepost/loyalty/points.py", OPENING, "'points.py' is not a file of a module"),
    ("tools/long.py", OPENING + "A = 1\n" * 400, "401 lines, the stop is 400"),
    ("web/src/long.ts", "export {};\n" * 401, "401 lines, the stop is 400"),
    ("tools/long.py", OPENING + "def f():\n" + "    a = 1\n" * 40, "f has 41 lines, the stop is 40"),
    ("tools/plain.py", "A = 1\n", "does not open with a sentence"),
    ("tools/silent.py", OPENING + "try:\n    f()\nexcept ValueError:\n    pass\n", "swallows an exception"),
    ("tools/stub.py", OPENING + "def f():\n    raise NotImplementedError\n", "is a stub"),
    ("tools/later.py", OPENING + f"A = 1  # {UNFINISHED} later\n", "marks what is not done"),
    ("web/src/later.ts", f"// {UNFINISHED} later\n", "or what is not done"),
    ("web/src/a.test.ts", "it.only('works', () => {})\n", "a test that does not run or runs alone"),
    ("tools/tests/test_a.py", OPENING + "def test_a():\n    f()\n", "test_a asserts nothing"),
    ("tools/tests/test_a.py", OPENING + f"@{SKIP}\ndef test_a():\n    assert f()\n", "marks what is not done"),
    ("tradepost/src/tradepost/stock/service/__init__.py", OPENING + "import os\n", "re-exports nothing"),
]


def test_the_repository_keeps_the_style() -> None:
    assert findings(ROOT, check) == []


@pytest.mark.parametrize(("name", "text", "finding"), PLANTED)
def test_what_the_style_refuses_is_found(small_copy: WorkingCopy, name: str, text: str, finding: str) -> None:
    path = small_copy.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    assert [line for line in check(small_copy.root, path) if finding in line]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tradepost/src/tradepost/stock/service/levels.py", OPENING),
        ("tradepost/src/tradepost/money/anything.py", OPENING),
        ("tools/right.py", OPENING + "A = 1\n" * 399),
        ("tools/right.py", OPENING + "def f():\n" + "    a = 1\n" * 39),
        ("tools/tests/test_a.py", OPENING + "def test_a():\n    with pytest.raises(ValueError):\n        f()\n"),
        ("web/src/api/long.ts", "export {};\n" * 401),
        ("notes.txt", "anything"),
    ],
)
def test_what_the_style_allows_passes(small_copy: WorkingCopy, name: str, text: str) -> None:
    path = small_copy.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    assert list(check(small_copy.root, path)) == []
