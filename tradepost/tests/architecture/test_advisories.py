"""A snapshot is written from clones: the first one is right, and its date is that of the oldest."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tools.advisories import collect, main, write_snapshot
from tools.osv import Clone, npm_documents
from tools.vulnerabilities import NPM, Advisory, Range, Snapshot, load


def known(name: str, fixed: str, **more: str) -> dict[str, Any]:
    ranges = [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}]
    return {"id": name, "affected": [{"package": {"ecosystem": "npm", "name": "thing"}, "ranges": ranges}], **more}


def test_of_two_databases_the_first_is_right_and_the_second_adds() -> None:
    first = [known("GHSA-1", "1.0.0"), known("GHSA-1", "2.0.0"), known("GHSA-2", "1.0.0", withdrawn="2026-01-01")]
    second = [known("GHSA-1", "9.0.0"), known("GHSA-2", "9.0.0"), known("GHSA-3", "3.0.0")]
    found = collect([first, second], NPM).packages["thing"]
    assert [(each.id, each.ranges[0].fixed) for each in found] == [
        ("GHSA-1", "1.0.0"),
        ("GHSA-1", "2.0.0"),
        ("GHSA-3", "3.0.0"),
    ]


def test_without_a_clone_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    assert "Name a clone" in capsys.readouterr().err


def test_a_snapshot_is_written_with_the_day_of_the_newest_commit(
    tmp_path: Path,
    write: Callable[[str, str], Path],
    commit: Callable[[], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    write("all/GHSA-1.json", json.dumps(known("GHSA-1", "1.0.0")))
    commit()
    clone = Clone.read(f"{tmp_path}:all")
    ecosystem = replace(NPM, snapshot=tmp_path / "snapshot.xz")
    write_snapshot([clone], npm_documents, ecosystem)
    wanted = Advisory("GHSA-1", (), "", (Range("0", "1.0.0", None),), ())
    assert load(ecosystem.snapshot) == Snapshot(date.fromisoformat(clone.day()), {"thing": (wanted,)})
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("snapshot.xz: 1 packages, 1 advisories, ")
    assert second.startswith("snapshot.xz: 0 could not be read whole")


def test_the_oldest_of_several_clones_tells_how_old_a_snapshot_is(tmp_path: Path) -> None:
    clones = [committed_on(tmp_path / day, day) for day in ("2026-11-20", "2025-05-01", "2026-11-28")]
    ecosystem = replace(NPM, snapshot=tmp_path / "snapshot.xz")
    write_snapshot(clones, npm_documents, ecosystem)
    assert load(ecosystem.snapshot).day == date(2025, 5, 1)


def committed_on(folder: Path, day: str) -> Clone:
    """Return a clone whose newest commit is of a day."""
    (folder / "all").mkdir(parents=True)
    (folder / "all" / "GHSA-1.json").write_text(json.dumps(known("GHSA-1", "1.0.0")), encoding="utf-8")
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@b.example")
    environment = {**os.environ, "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    for command in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "Add")):
        subprocess.run(["git", "-C", str(folder), *command], check=True, env=environment)
    return Clone(folder, "all")


def test_what_could_not_be_read_is_counted() -> None:
    documents = [known("GHSA-1", "odd"), known("GHSA-2", "1.0.0")]
    assert collect([documents], NPM).unread == 1


@pytest.mark.parametrize(("version", "is_bad"), [("4.4.1", False), ("4.4.2", True), ("4.4.3", False)])
def test_the_shipped_snapshot_knows_a_release_that_somebody_else_made(version: str, *, is_bad: bool) -> None:
    known_bad = load(NPM.snapshot).packages["debug"]
    assert any(each.affects(version, NPM.read) for each in known_bad) is is_bad
