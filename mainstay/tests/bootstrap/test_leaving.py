"""The process that starts all others leaves its errors on the disk, while it runs and in its end."""

from io import BytesIO
from pathlib import Path

import pytest
import structlog

from mainstay.bootstrap import leaving as module
from mainstay.bootstrap.leaving import leaving
from mainstay.observe.logs import configure_logging
from mainstay.observe.spool import Spool
from mainstay.testing.collector import until


async def test_errors_are_left_at_once_equal_ones_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.01)
    configure_logging("info", BytesIO())
    spool = Spool.of(tmp_path)
    with leaving(tmp_path):
        structlog.get_logger("children").error("child ended unasked", child="worker", code=-9)
        await until(lambda: spool.oldest("1.2.3") is not None)
        monkeypatch.setattr(module, "PAUSE", 60)
        for _ in range(3):
            structlog.get_logger("children").error("child ended unasked", child="api", code=-9)

    found = []
    while (left := spool.oldest("1.2.3")) is not None:
        found += [(each.role, each.event, dict(each.latest[-1].facts)) for each in left.batch.mistakes]
        left.remove()
    assert found[0] == ("supervisor", "child ended unasked", {"child": "worker", "code": "-9"})
    assert found[-1] == ("supervisor", "child ended unasked", {"child": "api", "code": "-9"})
