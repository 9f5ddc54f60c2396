"""A command that asks the bucket of backups ends as it should, so that a runbook's script goes on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bucket_server import KEY, KEY_ID, bucket_in
from served import PROGRAMS


@pytest.mark.journey
def test_a_command_whose_bucket_answers_by_a_late_thread_ends_well(tmp_path: Path) -> None:
    """Once in some hundred times, on a busy machine, it was aborted after all of its work was done."""
    with bucket_in(tmp_path / "buckets") as server:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROGRAMS / "late_thread"),
            "TRADEPOST_DATA_DIR": str(tmp_path / "data"),
            "TRADEPOST_BACKUP_URL": server.url("tradepost"),
            "TRADEPOST_BACKUP_BUCKET_KEY_ID": KEY_ID,
            "TRADEPOST_BACKUP_BUCKET_KEY": KEY,
        }
        command = [sys.executable, "-m", "tradepost", "backups", "--stored"]
        answer = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, b"", b"")
