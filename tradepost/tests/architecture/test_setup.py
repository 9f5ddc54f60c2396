"""A part is made when its inputs or products changed and left alone otherwise; a broken installation is repaired."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.process import ROOT, TOOLS, environment
from tools.setup import BUILD, PACKAGES, PYTHON, Part
from tools.working_copy import WorkingCopy


@pytest.fixture
def made() -> list[str]:
    """What the part under test has made so far."""
    return []


@pytest.fixture
def part(tmp_path: Path, made: list[str]) -> Part:
    """A part with one input of this repository's own, which makes one file."""

    def make() -> None:
        made.append("once")
        (tmp_path / "product").write_text("made", encoding="utf-8")

    source = ROOT / "tools" / "uv.txt"
    return Part("example", lambda: [source], (tmp_path / "product",), make, stamps=tmp_path / "stamps")


def test_a_part_is_made_once(part: Part, made: list[str]) -> None:
    part.prepare()
    part.prepare()
    assert made == ["once"]


def test_a_part_is_made_again_when_its_product_is_gone(part: Part, made: list[str], tmp_path: Path) -> None:
    part.prepare()
    (tmp_path / "product").unlink()
    part.prepare()
    assert made == ["once", "once"]


def test_a_part_is_made_again_when_an_input_changed(part: Part, made: list[str], tmp_path: Path) -> None:
    part.prepare()
    other = Part("example", lambda: [ROOT / "LICENSE"], part.products, part.make, stamps=tmp_path / "stamps")
    other.prepare()
    assert made == ["once", "once"]


def test_a_part_that_failed_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "product").write_text("half", encoding="utf-8")

    def fail() -> None:
        raise SystemExit("no space left")

    broken = Part("example", list, (tmp_path / "product",), fail, stamps=tmp_path / "stamps")
    for _ in range(2):
        with pytest.raises(SystemExit, match="no space left"):
            broken.prepare()


def test_nothing_to_do_starts_no_other_program() -> None:
    """A second `make run` asks neither uv nor npm."""
    assert all(part.is_fresh(part.digest()) for part in (PYTHON, PACKAGES, BUILD))
    watched = (
        "import sys\n"
        "starts = {'subprocess.Popen', 'os.exec', 'os.fork', 'os.posix_spawn', 'os.system'}\n"
        "sys.addaudithook(lambda event, arguments: event in starts and print(event, arguments))\n"
        "from tools.setup import main\n"
        "sys.argv[1:] = []\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", watched], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_programs_that_make_starts_keep_compiled_modules() -> None:
    """Without them each start compiles all libraries anew, which takes longer than starting."""
    rule = "--eval=shown:\n\t@echo [$$PYTHONDONTWRITEBYTECODE]"
    wished = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    # The suite itself runs under make, and a make under another tells which folder it enters.
    command = ["make", "--no-print-directory", rule, "shown"]
    done = subprocess.run(command, cwd=ROOT, env=wished, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_node_and_npm_of_the_lock_work() -> None:
    versions = [
        subprocess.run(
            [TOOLS / "node" / name, "--version"], env=environment(), capture_output=True, text=True, check=True
        )
        for name in ("node", "npm", "npx")
    ]
    assert versions[0].stdout.startswith("v24.")
    assert all(int(version.stdout.partition(".")[0].lstrip("v")) >= 11 for version in versions)


def test_a_machine_without_a_new_python_gets_one_sentence(small_copy: WorkingCopy, tmp_path: Path) -> None:
    (small_copy.root / ".venv").unlink()
    empty = tmp_path / "bin"
    empty.mkdir()
    shell = Path("/bin/sh").resolve()
    done = subprocess.run(
        [shell, "tools/python.sh", "-m", "tools.setup"],
        cwd=small_copy.root,
        env={**os.environ, "PATH": str(empty)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "Python 3.11 or newer is needed and was not found: install it (Debian: apt-get install python3 python3-venv).\n"
    )


def test_an_old_python_is_passed_over(
    small_copy: WorkingCopy, tmp_path: Path, write: Callable[[str, str], Path]
) -> None:
    (small_copy.root / ".venv").unlink()
    old, new = write("bin/python3", "#!/bin/sh\nexit 1\n"), write("bin/python3.12", "#!/bin/sh\necho new\n")
    old.chmod(0o755)
    new.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", "tools/python.sh", "-m", "tools.setup"],
        cwd=small_copy.root,
        env={**os.environ, "PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "new\nnew\n"
