"""Whoever deletes a business rule is told so by a unit test that names it."""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from deleting import RULES

from tools.process import ROOT

SUPPORT = ROOT / "tradepost/tests/support"


@pytest.mark.long
@pytest.mark.practice(101)
def test_without_a_rule_the_test_that_names_it_fails(tmp_path: Path) -> None:
    """One run for all rules: each test of `deleting.RULES` runs while the service, job or utility lacks its rule."""
    report = tmp_path / "report.xml"
    run = [sys.executable, "-m", "pytest", "-p", "deleting", "-n", "0", "--no-cov", "-q", f"--junitxml={report}"]
    environment = os.environ | {"PYTHONPATH": str(SUPPORT)}
    done = subprocess.run(
        [*run, *(rule.test for rule in RULES)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert report.exists(), done.stdout + done.stderr

    cases = ET.parse(report).iter("testcase")  # noqa: S314  pytest's own report
    failed = {case.get("name", "").partition("[")[0] for case in cases if case.find("failure") is not None}

    assert {rule.test.rpartition("::")[2] for rule in RULES} - failed == set(), done.stdout
    assert "has no such rule any more" not in done.stdout
