"""The lock holds every pin with its hash, no host name, and installs the same tree every time."""

import re
import subprocess
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

import pytest

from tools.lock import LOCK, normal, pins
from tools.process import ROOT, environment
from tools.setup import find_uv
from tools.working_copy import WorkingCopy

OURS = {"mainstay", "tradepost"}


def test_every_package_in_the_lock_has_hashes() -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK.read_text(encoding="utf-8").strip())
    assert len(blocks) > 50
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_what_is_installed_is_what_is_locked() -> None:
    locked = pins(LOCK.read_text(encoding="utf-8"))
    installed = {normal(one.metadata["Name"]): one.version for one in distributions()}
    wrong = {name: version for name, version in installed.items() if name not in OURS and locked.get(name) != version}
    assert wrong == {}


@pytest.mark.long
@pytest.mark.practice(113)
def test_two_installs_give_the_same_tree(tmp_path: Path) -> None:
    uv = find_uv()
    trees = []
    for name in ("first", "second"):
        folder = tmp_path / name
        for command in (
            [uv, "venv", "--quiet", "--no-python-downloads", "--python", "3.11", str(folder)],
            [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(folder), str(LOCK)],
        ):
            subprocess.run(command, cwd=ROOT, env=environment(), check=True, timeout=300)
        freeze = [uv, "pip", "freeze", "--python", str(folder)]
        trees.append(subprocess.run(freeze, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert trees[0] == trees[1]
    assert pins(trees[0]).items() <= pins(LOCK.read_text(encoding="utf-8")).items()


@pytest.mark.practice(113)
def test_the_version_is_visible_at_run_time(api_document: dict[str, Any]) -> None:
    command = ["tradepost", "version"]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == version("tradepost")
    assert api_document["info"]["version"] == version("tradepost")


def test_a_pin_that_left_the_lock_behind_is_reported(small_copy: WorkingCopy) -> None:
    assert small_copy.tool("lock", "--check").output == ""
    project = small_copy.root / "mainstay" / "pyproject.toml"
    changed = re.sub(r'"alembic==[^"]+"', '"alembic==0.0.1"', project.read_text(encoding="utf-8"))
    project.write_text(changed, encoding="utf-8")
    answer = small_copy.tool("lock", "--check")
    assert answer.code == 1
    assert "mainstay/pyproject.toml: alembic==0.0.1 is not what requirements.lock holds" in answer.output


def test_a_host_name_in_the_lock_is_reported(small_copy: WorkingCopy) -> None:
    small_copy.append("requirements.lock", "--index" + "-url https://mirror.example.com/simple\n")
    answer = small_copy.tool("lock", "--check")
    assert answer.code == 1
    assert "a package registry's host name" in answer.output
