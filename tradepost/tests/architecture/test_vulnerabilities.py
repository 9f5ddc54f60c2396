"""A known-bad version in a lock is a finding; ranges, pre-releases and exceptions count."""

import json
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from packaging.version import Version

from tools.process import ROOT
from tools.semver import SemVer
from tools.vulnerabilities import (
    EXCEPTIONS,
    NPM,
    PYTHON,
    Advisory,
    Range,
    Snapshot,
    age,
    compare,
    load,
    npm_pins,
    unscanned,
)
from tools.working_copy import WorkingCopy

TODAY = date(2026, 11, 29)
BAD = Advisory("PYSEC-1", ("CVE-1",), "CVSS:3.1/AV:N", (Range("2.0", "2.5", None),), ("1.0-odd",))
KNOWN = Snapshot(TODAY, {"thing": (BAD,)})


def found(root: Path, version: str, exceptions: str = "") -> list[str]:
    (root / "requirements.lock").write_text(f"thing=={version}\n", encoding="utf-8")
    (root / EXCEPTIONS).write_text(exceptions, encoding="utf-8")
    return list(compare(root, PYTHON.findings(root, KNOWN), TODAY))


def exception(until: str, package: str = "thing") -> str:
    return f'[[exception]]\npackage = "{package}"\nid = "PYSEC-1"\nreason = "not called"\nuntil = {until}\n'


@pytest.mark.practice(15)
def test_a_known_bad_version_in_the_lock_fails_the_check_by_name(copy: WorkingCopy) -> None:
    copy.append("requirements.lock", "\nlxml==4.6.2\n")
    answer = copy.tool("check", "known vulnerabilities")
    assert answer.code == 1
    assert "lxml 4.6.2: PYSEC-2021-19, CVE-2021-28957" in answer.output
    assert "fixed in 4.6.3" in answer.output


@pytest.mark.practice(15)
def test_a_known_bad_version_in_the_npm_lock_fails_the_check_by_name(copy: WorkingCopy) -> None:
    lock = copy.root / "web" / "package-lock.json"
    content = json.loads(lock.read_text(encoding="utf-8"))
    for package, version in (("vite", "4.17.20"), ("eslint", "4.17.23")):
        content["packages"][f"node_modules/{package}/node_modules/lodash"] = {"version": version}
    lock.write_text(json.dumps(content), encoding="utf-8")
    answer = copy.tool("check", "known vulnerabilities")
    assert answer.code == 1
    assert "lodash 4.17.20: GHSA-35jh-r3h4-6jhm, CVE-2021-23337; severity: CVSS:3.1/" in answer.output
    assert "lodash 4.17.23: GHSA-r5fr-rjxr-66jc, CVE-2026-4800; severity: high; fixed in 4.18.0" in answer.output


@pytest.mark.practice(21)
def test_nothing_that_is_shipped_is_known_to_be_bad() -> None:
    """What is shipped are the packages of the two locks, also in the image; another image there is none."""
    python, npm = load(PYTHON.snapshot), load(NPM.snapshot)
    assert len(python.packages) > 500
    assert len(npm.packages) > 20_000
    found = [*PYTHON.findings(ROOT, python), *NPM.findings(ROOT, npm)]
    assert list(compare(ROOT, found, TODAY)) == []
    assert list(unscanned(ROOT)) == []


@pytest.mark.practice(21)
def test_an_image_that_nothing_scans_fails_the_check(copy: WorkingCopy) -> None:
    names = ["Dockerfile", "Containerfile.till", "till.dockerfile", "compose.yaml"]
    for name in names:
        (copy.root / "deploy" / name).write_text("FROM debian:12\n", encoding="utf-8")
    answer = copy.tool("check", "known vulnerabilities")
    assert answer.code == 1
    assert [name for name in names if f"deploy/{name}: describes an image" not in answer.output] == []


@pytest.mark.parametrize(
    ("name", "is_image"),
    [
        ("Dockerfile", True),
        ("Dockerfile.till", True),
        ("Dockerfile-till", True),
        ("till.Dockerfile", True),
        ("Earthfile", True),
        ("compose.yaml", True),
        ("compose.prod.yaml", True),
        ("compose-prod.yml", True),
        ("docker-compose.override.yml", True),
        ("prod.compose.yaml", True),
        ("docker-bake.hcl", True),
        ("docker-bake.override.json", True),
        ("till.container", True),
        ("till.kube", True),
        ("composer.json", False),
        ("compose.py", False),
        ("containers.md", False),
        ("pipeline.yaml", False),
    ],
)
def test_what_describes_images_is_known_by_its_name(tmp_path: Path, name: str, *, is_image: bool) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / name).touch()
    assert [each.partition(":")[0] for each in unscanned(tmp_path)] == ([name] if is_image else [])


def test_the_packages_of_the_npm_lock_are_found_wherever_they_are_installed(tmp_path: Path) -> None:
    packages = {
        "": {"version": "0.1.0"},
        "node_modules/plain": {"version": "1.0.0"},
        "node_modules/@own/deep/node_modules/plain": {"version": "2.0.0"},
        "node_modules/other/node_modules/plain": {"version": "1.0.0"},
        "node_modules/called": {"version": "3.0.0", "name": "@real/name"},
        "node_modules/beside": {"link": True},
    }
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "package-lock.json").write_text(json.dumps({"packages": packages}), encoding="utf-8")
    assert npm_pins(tmp_path) == [("@real/name", "3.0.0"), ("plain", "1.0.0"), ("plain", "2.0.0")]


@pytest.mark.parametrize(
    ("version", "is_bad"),
    [
        ("1.9", False),
        ("2.0rc1", False),
        ("2.0", True),
        ("2.4.9", True),
        ("2.5rc1", True),
        ("2.5", False),
        ("2.5.post1", False),
        ("2.10", False),
        ("1.0-odd", True),
        ("0.9-odd", False),
    ],
)
def test_a_range_begins_with_its_first_version_and_ends_before_the_fix(version: str, *, is_bad: bool) -> None:
    assert BAD.affects(version, Version) is is_bad


def test_the_last_affected_version_is_affected_and_no_end_means_all() -> None:
    last, every = (Advisory("A", (), "", (Range("0", None, end),), ()) for end in ("2.0", None))
    assert [last.affects(each, Version) for each in ("1.0", "2.0", "2.0.1")] == [True, True, False]
    assert every.affects("99", Version)


@pytest.mark.parametrize(
    ("version", "is_bad"),
    [
        ("1.9.9", False),
        ("2.0.0-rc.1", False),
        ("2.0.0", True),
        ("2.4.10", True),
        ("2.5.0-beta.2", True),
        ("2.5.0", False),
        ("2.5.0+build.7", False),
        ("2.10.0", False),
        ("1.0-odd", True),
        ("latest", False),
    ],
)
def test_versions_of_npm_are_compared_as_npm_does(version: str, *, is_bad: bool) -> None:
    assert BAD.affects(version, SemVer.read) is is_bad


def test_a_finding_tells_package_version_names_severity_and_fix(tmp_path: Path) -> None:
    assert found(tmp_path, "2.1") == ["thing 2.1: PYSEC-1, CVE-1; severity: CVSS:3.1/AV:N; fixed in 2.5"]
    assert found(tmp_path, "2.5") == []


def test_an_advisory_that_does_not_say_which_versions_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "requirements.lock").write_text("thing==1.0\n", encoding="utf-8")
    silent = Snapshot(TODAY, {"thing": (Advisory("PYSEC-2", (), "", (), ()),)})
    assert [each.advisory for each in PYTHON.findings(tmp_path, silent)] == ["PYSEC-2"]


def test_an_exception_holds_to_its_last_day_and_no_longer(tmp_path: Path) -> None:
    assert found(tmp_path, "2.1", exception("2026-11-29")) == []
    assert "ended on 2026-11-28" in found(tmp_path, "2.1", exception("2026-11-28"))[0]


def test_an_exception_that_nothing_needs_is_a_finding(tmp_path: Path) -> None:
    assert "nothing needs this exception" in found(tmp_path, "2.5", exception("2027-01-01"))[0]
    assert len(found(tmp_path, "2.1", exception("2027-01-01", "other"))) == 2


def test_an_exception_without_a_reason_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        found(tmp_path, "2.1", exception("2027-01-01").replace("not called", " "))


def test_an_old_snapshot_is_a_warning() -> None:
    assert not age("npm", KNOWN, TODAY + timedelta(days=60)).startswith("warning")
    assert age("npm", KNOWN, TODAY + timedelta(days=61)).startswith("warning: advisories of npm packages ")
