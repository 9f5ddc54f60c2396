"""Each distribution's migrations are one straight line, and two heads or a merge are reported."""

from collections.abc import Callable
from pathlib import Path

from tools.migrations import crooked
from tools.process import ROOT

Write = Callable[[str, str], Path]
FOLDERS = ("below/versions", "above/versions")


def plant(write: Write, folder: str, name: str, before: str, needs: str = "None") -> None:
    """Write a migration that comes after `before` and depends on `needs`, both Python expressions."""
    text = f'"""A step."""\nrevision = "{name}"\ndown_revision = {before}\ndepends_on = {needs}\n'
    write(f"{folder}/versions/{name}.py", text)


def plant_two_lines(write: Write) -> None:
    """Write two distributions, the upper of which depends on the lower."""
    plant(write, "below", "b1", "None")
    plant(write, "below", "b2", '"b1"')
    plant(write, "above", "a1", "None", '"b2"')
    plant(write, "above", "a2", '"a1"')


def test_the_migrations_of_both_distributions_are_straight_lines() -> None:
    assert crooked(ROOT) == []


def test_two_lines_of_which_one_depends_on_the_other_are_straight(write: Write, tmp_path: Path) -> None:
    plant_two_lines(write)
    assert crooked(tmp_path, FOLDERS) == []


def test_a_second_head_is_reported(write: Write, tmp_path: Path) -> None:
    plant_two_lines(write)
    plant(write, "above", "a3", '"a1"')
    assert crooked(tmp_path, FOLDERS) == ["above/versions: 2 heads instead of one: a2, a3"]


def test_a_second_start_is_reported(write: Write, tmp_path: Path) -> None:
    plant_two_lines(write)
    plant(write, "below", "b9", "None")
    assert crooked(tmp_path, FOLDERS) == [
        "below/versions: 2 heads instead of one: b2, b9",
        "below/versions: 2 starts instead of one",
    ]


def test_a_merge_is_reported(write: Write, tmp_path: Path) -> None:
    plant_two_lines(write)
    plant(write, "above", "a3", '"a1"')
    plant(write, "above", "a4", '("a2", "a3")')
    assert crooked(tmp_path, FOLDERS) == ["above/versions: a4 merges a2, a3"]


def test_no_migration_at_all_is_reported(write: Write, tmp_path: Path) -> None:
    plant(write, "below", "b1", "None")
    (tmp_path / "above" / "versions").mkdir(parents=True)
    assert crooked(tmp_path, FOLDERS) == ["above/versions: 0 heads instead of one: "]
