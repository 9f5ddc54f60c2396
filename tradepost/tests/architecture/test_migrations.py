"""Each distribution's migrations are one straight line, and two heads or a merge are reported."""

from collections.abc import Callable
from pathlib import Path

from tools.migrations import FOLDERS, crooked
from tools.process import ROOT

Write = Callable[[str, str], Path]


def plant(write: Write, name: str, before: str) -> None:
    """Write a migration called `name` that comes after `before`, a Python expression."""
    write(f"migrations/versions/{name}.py", f'"""A step."""\nrevision = "{name}"\ndown_revision = {before}\n')


def test_the_migrations_of_both_distributions_are_straight_lines() -> None:
    assert [line for folder in FOLDERS for line in crooked(ROOT / folder)] == []


def test_a_second_head_is_reported(write: Write, tmp_path: Path) -> None:
    plant(write, "a", "None")
    plant(write, "b", '"a"')
    assert crooked(tmp_path / "migrations") == []
    plant(write, "c", '"a"')
    assert crooked(tmp_path / "migrations") == ["2 heads instead of one: b, c", "a is a branch point"]


def test_a_merge_is_reported(write: Write, tmp_path: Path) -> None:
    plant(write, "a", "None")
    plant(write, "b", '"a"')
    plant(write, "c", '"a"')
    plant(write, "d", '("b", "c")')
    assert "d merges b, c" in crooked(tmp_path / "migrations")


def test_no_migration_at_all_is_reported(tmp_path: Path) -> None:
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    assert crooked(tmp_path / "migrations") == ["0 heads instead of one: "]
