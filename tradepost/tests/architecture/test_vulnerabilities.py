"""A known-bad version in the lock is a finding; ranges, pre-releases, withdrawals and exceptions count."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tools.advisories import advisories
from tools.process import ROOT
from tools.vulnerabilities import EXCEPTIONS, SNAPSHOT, Advisory, Range, Snapshot, age, compare, load
from tools.working_copy import WorkingCopy

TODAY = date(2026, 11, 29)
BAD = Advisory("PYSEC-1", ("CVE-1",), "CVSS:3.1/AV:N", (Range("2.0", "2.5", None),), ("1.0-odd",))
KNOWN = Snapshot(TODAY, {"thing": (BAD,)})


def found(root: Path, version: str, exceptions: str = "") -> list[str]:
    (root / "requirements.lock").write_text(f"thing=={version}\n", encoding="utf-8")
    (root / EXCEPTIONS).write_text(exceptions, encoding="utf-8")
    return list(compare(root, KNOWN, TODAY))


def exception(until: str, package: str = "thing") -> str:
    return f'[[exception]]\npackage = "{package}"\nid = "PYSEC-1"\nreason = "not called"\nuntil = {until}\n'


@pytest.mark.practice(15)
def test_a_known_bad_version_in_the_lock_fails_the_check_by_name(copy: WorkingCopy) -> None:
    copy.append("requirements.lock", "\nlxml==4.6.2\n")
    answer = copy.tool("check", "known vulnerabilities")
    assert answer.code == 1
    assert "lxml 4.6.2: PYSEC-2021-19, CVE-2021-28957" in answer.output
    assert "fixed in 4.6.3" in answer.output


def test_nothing_in_our_lock_is_known_to_be_bad() -> None:
    snapshot = load(SNAPSHOT)
    assert len(snapshot.packages) > 500
    assert list(compare(ROOT, snapshot, TODAY)) == []


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
    assert BAD.affects(version) is is_bad


def test_the_last_affected_version_is_affected_and_no_end_means_all() -> None:
    last, every = (Advisory("A", (), "", (Range("0", None, end),), ()) for end in ("2.0", None))
    assert [last.affects(each) for each in ("1.0", "2.0", "2.0.1")] == [True, True, False]
    assert every.affects("99")


def test_a_finding_tells_package_version_names_severity_and_fix(tmp_path: Path) -> None:
    assert found(tmp_path, "2.1") == ["thing 2.1: PYSEC-1, CVE-1; severity: CVSS:3.1/AV:N; fixed in 2.5"]
    assert found(tmp_path, "2.5") == []


def test_an_exception_holds_to_its_last_day_and_no_longer(tmp_path: Path) -> None:
    assert found(tmp_path, "2.1", exception("2026-11-29")) == []
    assert "ended on 2026-11-28" in found(tmp_path, "2.1", exception("2026-11-28"))[0]


def test_an_exception_that_nothing_needs_is_a_finding(tmp_path: Path) -> None:
    assert "nothing needs this exception" in found(tmp_path, "2.5", exception("2027-01-01"))[0]
    assert len(found(tmp_path, "2.1", exception("2027-01-01", "other"))) == 2


def test_an_exception_without_a_reason_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        found(tmp_path, "2.1", exception("2027-01-01").replace("not called", " "))


def test_a_withdrawn_advisory_is_left_out_and_events_become_ranges() -> None:
    events = [{"introduced": "1"}, {"fixed": "2"}, {"introduced": "3"}, {"last_affected": "4"}, {"introduced": "5"}]
    affected = {
        "package": {"ecosystem": "PyPI", "name": "Some_Thing"},
        "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}, {"type": "ECOSYSTEM", "events": events}],
        "versions": ["1.5", "2.5"],
    }
    document = {"id": "PYSEC-2", "affected": [affected]}
    wanted = (Range("1", "2", None), Range("3", None, "4"), Range("5", None, None))
    assert list(advisories(document)) == [("some-thing", Advisory("PYSEC-2", (), "", wanted, ("2.5",)))]
    assert list(advisories({**document, "withdrawn": "2024-01-01"})) == []


def test_an_old_snapshot_is_a_warning() -> None:
    assert not age(KNOWN, TODAY + timedelta(days=60)).startswith("warning")
    assert age(KNOWN, TODAY + timedelta(days=61)).startswith("warning: advisories ")
