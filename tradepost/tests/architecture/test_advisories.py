"""A snapshot is written from clones: the first one is right, and its date is that of the newest."""

import json
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


def test_what_could_not_be_read_is_counted() -> None:
    documents = [known("GHSA-1", "odd"), known("GHSA-2", "1.0.0")]
    assert collect([documents], NPM).unread == 1


@pytest.mark.parametrize(("version", "is_bad"), [("4.4.1", False), ("4.4.2", True), ("4.4.3", False)])
def test_the_shipped_snapshot_knows_a_release_that_somebody_else_made(version: str, *, is_bad: bool) -> None:
    known_bad = load(NPM.snapshot).packages["debug"]
    assert any(each.affects(version, NPM.read) for each in known_bad) is is_bad
