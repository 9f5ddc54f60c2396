"""What the tests of the architecture and the tools share: copies of the repository, and small files."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from unmeasured import unmeasured_below

from tools.working_copy import IDENTITY, WorkingCopy

# The folders of the small copy. The first files of the packages tell the linter what is ours.
FIRST = ("mainstay/src/mainstay/__init__.py", "tradepost/src/tradepost/__init__.py", "benchmarks/__init__.py")
READ = ("docs/practices-list.md", "docs/rules-list.md")
PINS = ("mainstay/pyproject.toml", "tradepost/pyproject.toml")
FEW = (".ci/", ".githooks/", "tools/", "tradepost/src/tradepost/stock/", *FIRST, *READ, *PINS)

pytest_runtest_protocol = unmeasured_below(Path(__file__).parent)


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> WorkingCopy:
    """The copy of the repository as it stands that one test after the other damages."""
    workshop = WorkingCopy.make(tmp_path_factory.mktemp("workshop") / "copy")
    workshop.keep()
    return workshop


@pytest.fixture
def copy(workshop: WorkingCopy) -> WorkingCopy:
    """A copy of the repository for one test, whatever the one before did to it."""
    workshop.restore()
    return workshop


@pytest.fixture(scope="session")
def small_workshop(tmp_path_factory: pytest.TempPathFactory) -> WorkingCopy:
    """The small copy that one test after the other damages."""
    workshop = WorkingCopy.make(tmp_path_factory.mktemp("small") / "copy", *FEW)
    workshop.keep()
    return workshop


@pytest.fixture
def small_copy(small_workshop: WorkingCopy) -> WorkingCopy:
    """A copy for one test of what is at the top of the repository, its tools, and one module.

    It is enough where a tool is to refuse what is planted, and takes a fraction of the time: that nothing is found in
    all the rest is what `make check` says of the repository itself.
    """
    small_workshop.restore()
    return small_workshop


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a file under an empty folder and returns its path."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return written


@pytest.fixture
def commit(tmp_path: Path) -> Callable[[], None]:
    """Return a function that commits what was written, in a git of its own."""

    def committed() -> None:
        for arguments in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "All"]):
            subprocess.run(["git", *arguments], cwd=tmp_path, env={**os.environ, **IDENTITY}, check=True)

    return committed
