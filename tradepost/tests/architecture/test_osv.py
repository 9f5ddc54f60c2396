"""Databases of vulnerabilities are read from clones: ranges, withdrawals, and the two forms of npm's."""

import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tools.osv import Clone, advisories, from_github, npm_documents, python_documents
from tools.vulnerabilities import NPM, PYTHON, Advisory, Range

AFFECTED: dict[str, Any] = {"package": {"ecosystem": "npm", "name": "@Some/thing"}}


def test_a_withdrawn_advisory_is_left_out_and_events_become_ranges() -> None:
    events = [{"introduced": "1"}, {"fixed": "2"}, {"introduced": "3"}, {"last_affected": "4"}, {"introduced": "5"}]
    affected = {
        "package": {"ecosystem": "PyPI", "name": "Some_Thing"},
        "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}, {"type": "ECOSYSTEM", "events": events}],
        "versions": ["1.5", "2.5"],
    }
    document = {"id": "PYSEC-2", "affected": [affected]}
    wanted = (Range("1", "2", None), Range("3", None, "4"), Range("5", None, None))
    assert list(advisories(document, PYTHON)) == [("some-thing", Advisory("PYSEC-2", (), "", wanted, ("2.5",)), True)]
    assert list(advisories({**document, "withdrawn": "2024-01-01"}, PYTHON)) == []


def test_an_advisory_of_npm_keeps_the_name_as_it_is_and_counts_only_what_it_can_compare() -> None:
    events = [{"introduced": "0"}, {"fixed": "1.0.0-rc.1"}, {"introduced": "odd"}]
    affected = {**AFFECTED, "ranges": [{"type": "SEMVER", "events": events}], "versions": ["0.5.0", "1.0.0"]}
    other = {"package": {"ecosystem": "Maven", "name": "thing"}}
    [(name, found, _)] = advisories({"id": "GHSA-1", "affected": [affected, other]}, NPM)
    assert (name, found.ranges, found.versions) == ("@Some/thing", (Range("0", "1.0.0-rc.1", None),), ("1.0.0",))


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"id": "MAL-1"}, "malicious"),
        ({"id": "GHSA-1", "severity": [{"score": "CVSS:4.0/AV:N"}], "database_specific": {"severity": "LOW"}}, "CVSS"),
        ({"id": "GHSA-1", "database_specific": {"severity": "HIGH"}}, "high"),
        ({"id": "GHSA-1"}, ""),
    ],
)
def test_how_bad_it_is_is_told_by_vector_or_word(document: dict[str, Any], says: str) -> None:
    [(_, found, _)] = advisories({**document, "affected": [AFFECTED]}, NPM)
    assert found.severity.partition(":")[0] == says


@pytest.mark.parametrize(
    ("text", "fixed", "wanted"),
    [
        (">= 1.0.0, < 1.5.0", "1.5.0", [Range("1.0.0", "1.5.0", None)]),
        ("< 2.0.0", None, [Range("0", "2.0.0", None)]),
        ("<= 1.4.9", "1.5.0", [Range("0", "1.5.0", None)]),
        (">= 1.0.0, <= 1.4.9", None, [Range("1.0.0", None, "1.4.9")]),
        (">= 1.0.0 <= 1.4.9", None, [Range("1.0.0", None, "1.4.9")]),
        ("= 1.2.3", "1.2.4", [Range("1.2.3", None, "1.2.3")]),
        (">= 0", None, [Range("0", None, None)]),
        ("> 1.0.0", None, [Range("1.0.0", None, None)]),
        (">= 2.0, <= 2.5", "1.9.1", [Range("2.0", None, "2.5")]),
        (">= 2.0, <= 2.5", "odd", [Range("2.0", None, "2.5")]),
        ("< 1.5 || >= 2.0, < 2.3", "2.3", [Range("0", "1.5", None), Range("2.0", "2.3", None)]),
        ("<= 1.4 || >= 2.0, <= 2.2", "2.3", [Range("0", None, "1.4"), Range("2.0", "2.3", None)]),
    ],
)
def test_a_range_in_words_becomes_ranges_in_ends(text: str, fixed: str | None, wanted: list[Range]) -> None:
    assert told(text, fixed) == (tuple(wanted), True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("^1.2.0", [Range("0", None, None)]),
        ("< 1.5 || 2.x", [Range("0", "1.5", None), Range("0", None, None)]),
        (">= 1.0, < odd", [Range("1.0", None, None)]),
        (">= 1.0, <= odd", [Range("1.0", None, None)]),
        (">= odd, < 2.0", [Range("0", "2.0", None)]),
        (">= 0.0.14, < 0.0.13", [Range("0.0.14", None, None)]),
        (">= 0.0.14, <= 0.0.13", [Range("0.0.14", None, None)]),
    ],
)
def test_an_end_that_cannot_be_compared_is_open_and_told(text: str, wanted: list[Range]) -> None:
    assert told(text, None) == (tuple(wanted), False)


def test_an_advisory_that_says_nothing_of_versions_is_not_whole() -> None:
    affected = {**AFFECTED, "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]}
    [(_, found, is_whole)] = advisories({"id": "GHSA-1", "affected": [affected]}, NPM)
    assert (found.is_silent, is_whole) == (True, False)


def told(text: str, fixed: str | None) -> tuple[tuple[Range, ...], bool]:
    """Read a range as GitHub's interface tells it; return what it became, and whether it could be read whole."""
    entry = {
        "id": "GHSA-1",
        "identifiers": [{"value": "GHSA-1"}, {"value": "CVE-1"}],
        "severity": "high",
        "packageName": "thing",
        "affectedVersions": [{"range": text, "fixed": fixed}],
    }
    [(name, found, is_whole)] = advisories(from_github(entry), NPM)
    assert (name, found._replace(ranges=())) == ("thing", Advisory("GHSA-1", ("CVE-1",), "high", (), ()))
    return found.ranges, is_whole


def test_a_folder_of_a_clone_is_read_as_committed_and_other_files_are_passed_over(
    tmp_path: Path, write: Callable[[str, str], Path], commit: Callable[[], None]
) -> None:
    entry = {"id": "GHSA-2", "identifiers": [], "severity": "low", "packageName": "thing", "affectedVersions": []}
    write("all/2026/GHSA-1.json", json.dumps({"id": "GHSA-1", "affected": []}))
    write("all/thing.json", json.dumps({"vulnerabilities": [entry]}))
    write("all/index.json", json.dumps({"packages": {}}))
    write("all/list.json", "[]")
    write("all/README.md", "{")
    write("other/GHSA-3.json", json.dumps({"id": "GHSA-3", "affected": []}))
    write("vulns/thing/PYSEC-1.yaml", "id: PYSEC-1")
    commit()
    write("all/GHSA-4.json", json.dumps({"id": "GHSA-4", "affected": []}))
    assert [each["id"] for each in npm_documents(Clone.read(f"{tmp_path}:all"))] == ["GHSA-1", "GHSA-2"]
    assert list(python_documents(Clone.read(f"{tmp_path}:vulns"))) == [{"id": "PYSEC-1"}]


def test_a_clone_without_its_folder_is_refused(
    tmp_path: Path, write: Callable[[str, str], Path], commit: Callable[[], None]
) -> None:
    write("README.md", "")
    commit()
    with pytest.raises(ValueError, match="does not name a folder"):
        Clone.read(str(tmp_path))
    with pytest.raises(tarfile.ReadError):
        list(npm_documents(Clone(tmp_path, "missing")))
