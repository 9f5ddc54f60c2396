"""What the tests of the architecture and the tools share: copies of the repository, and small files."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from unmeasured import unmeasured_below

from tools.working_copy import IDENTITY, WorkingCopy

pytest_runtest_protocol = unmeasured_below(Path(__file__).parent)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> WorkingCopy:
    """The repository as it stands, copied once; not to be changed."""
    return WorkingCopy.make(tmp_path_factory.mktemp("repository"))


@pytest.fixture(scope="session")
def workshop(pristine: WorkingCopy, tmp_path_factory: pytest.TempPathFactory) -> WorkingCopy:
    """The copy that one test after the other damages."""
    return pristine.duplicate(tmp_path_factory.mktemp("workshop") / "copy")


@pytest.fixture
def copy(workshop: WorkingCopy, pristine: WorkingCopy) -> WorkingCopy:
    """A copy of the repository for one test, whatever the one before did to it."""
    workshop.become(pristine)
    return workshop


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
