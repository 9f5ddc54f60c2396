"""When the last backup was due."""

from datetime import UTC, datetime

import pytest

from mainstay.db.backup.settings import BackupSettings
from mainstay.modules.backup import repository
from mainstay.modules.backup.service import scheduling, sources
from mainstay.modules.backup.service.tidying import Tidied
from mainstay.testing.frozen import FrozenClock
from mainstay.work import UnitOfWork


@pytest.mark.parametrize(
    ("now", "hour", "due"),
    [
        ("2026-03-01T02:00", 2, "2026-03-01T02:00"),
        ("2026-03-01T01:59", 2, "2026-02-28T02:00"),
        ("2026-03-01T00:30", 0, "2026-03-01T00:00"),
    ],
)
def test_it_is_the_latest_moment_of_that_hour(now: str, hour: int, due: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert scheduling.last_due(moment, hour) == datetime.fromisoformat(due).replace(tzinfo=UTC)


async def test_without_a_schedule_none_is_ever_due(
    uow: UnitOfWork, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "chosen", lambda _uow: BackupSettings(schedule=False))
    for day in (1, 3):
        clock.move_to(datetime(2026, 12, day, tzinfo=UTC))
        await scheduling.tick(uow, Tidied())

    assert await repository.database(uow) is not None
    assert await uow.read("SELECT id FROM backup_archive") == []
