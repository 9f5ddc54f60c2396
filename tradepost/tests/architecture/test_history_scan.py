"""A secret that was committed once is found, though it was removed; known false alarms and clean versions are not."""

import subprocess
from pathlib import Path

import pytest

from tools.history_scan import PAST, scan
from tools.process import ROOT
from tools.secret_scan import BASELINE
from tools.working_copy import IDENTITY, WorkingCopy

# Put together here, so that this file does not hold what it plants.
KEY = "AKIA" + "Q3EGRHJ7ZK5LW2PX"


class Repository:
    """A small repository with the rules of this one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        (root / BASELINE).write_bytes((ROOT / BASELINE).read_bytes())
        self.commit("Start")

    def git(self, *arguments: str) -> str:
        command = ["git", "-C", str(self.root), "-c", "commit.gpgsign=false", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, env=IDENTITY).stdout.strip()

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "--short", "HEAD")

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one commit."""
    return Repository(tmp_path / "repository")


@pytest.mark.practice(6, 17)
def test_a_secret_that_was_removed_is_still_found(repository: Repository) -> None:
    repository.write("docs/example.md", "quiet\n")
    repository.commit("Write quietly")
    assert scan(repository.root) == []
    repository.write("docs/example.md", f"quiet\nthe key is {KEY}\n")
    guilty = repository.commit("Leak")
    repository.write("docs/example.md", "quiet again\n")
    repository.commit("Remove the key")
    (repository.root / "docs" / "example.md").unlink()
    repository.commit("Remove the file")

    found = scan(repository.root)

    assert len(found) == 1
    assert found[0].startswith("docs/example.md: 2: AWS Access Key (")
    assert found[0].endswith(f"), since {guilty}")


def test_a_secret_in_the_message_of_a_commit_is_found(repository: Repository) -> None:
    repository.commit(f"Quiet\n\nThe key was {KEY}.")
    repository.commit("Quiet again")

    assert [line.partition("/")[0] for line in scan(repository.root)] == ["commit messages"]


def test_a_secret_in_a_merged_branch_is_found_and_one_in_a_branch_that_is_not_is_not(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--create", "side")
    repository.write("a.txt", f"{KEY}\n")
    repository.commit("Leak")
    repository.git("rm", "--quiet", "a.txt")
    repository.commit("Remove")
    repository.git("switch", "--quiet", "main")
    assert scan(repository.root) == []

    repository.git("merge", "--quiet", "--no-ff", "--no-edit", "side")

    assert len(scan(repository.root)) == 1


def test_what_is_known_to_be_none_is_let_pass_with_its_reason(repository: Repository) -> None:
    repository.write("a.txt", f"{KEY}\n")
    repository.commit("Leak")
    digest = scan(repository.root)[0].partition("(")[2].partition(")")[0]

    repository.write(PAST, f"# False alarms.\n{digest} made up for a test\n")

    assert scan(repository.root) == []


def test_a_password_in_a_past_test_is_let_pass_but_a_key_is_not(repository: Repository) -> None:
    repository.write("tests/test_a.py", f'password = "hunter2-is-not-enough"\nkey = "{KEY}"\n')
    repository.commit("Test")

    assert [line.split(" (")[0] for line in scan(repository.root)] == ["tests/test_a.py: 2: AWS Access Key"]


def test_only_what_is_new_is_looked_at_and_what_was_found_is_found_again(
    repository: Repository, tmp_path: Path
) -> None:
    store = tmp_path / "tools" / "store"
    repository.write("a.txt", "quiet\n")
    repository.commit("Write")
    assert scan(repository.root, store) == []
    kept = store.read_text(encoding="ascii").split()
    # The two messages and the one file; the baseline itself holds nothing but hashes.
    assert len(kept) == 3

    repository.write("a.txt", f"{KEY}\n")
    repository.commit("Leak")

    assert [len(scan(repository.root, store)) for _ in range(2)] == [1, 1]
    assert set(store.read_text(encoding="ascii").split()) > set(kept)


def test_a_shallow_clone_is_scanned_as_far_as_it_goes(repository: Repository, tmp_path: Path) -> None:
    repository.write("a.txt", f"{KEY}\n")
    repository.commit("Leak")
    repository.write("a.txt", "quiet\n")
    repository.commit("Remove")
    origin = repository.root.as_uri()
    for name, depth in (("whole", "9"), ("last", "1")):
        repository.git("clone", "--quiet", "--depth", depth, origin, str(tmp_path / name))

    assert [len(scan(tmp_path / name)) for name in ("whole", "last")] == [1, 0]


@pytest.mark.practice(17)
def test_the_pipeline_is_stopped_by_a_key_of_the_past(small_copy: WorkingCopy) -> None:
    small_copy.append("docs/example.md", f"the key is {KEY}\n")
    small_copy.commit("Plant", "--no-verify")
    (small_copy.root / "docs" / "example.md").unlink()
    small_copy.commit("Remove", "--no-verify")

    answer = small_copy.tool("check", "secrets of the past")

    assert answer.code == 1
    assert "docs/example.md: 1: AWS Access Key" in answer.output
    assert "FAILED  secrets of the past" in answer.output
