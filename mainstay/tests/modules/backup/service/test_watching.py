"""The alarm: once when it begins, daily while it lasts, once when it ends, and numbers for whoever watches."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from backup_calls import OWNER, add_archive, rows, tick

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.settings import BackupSettings
from mainstay.db.embedded.store import Store, name_of
from mainstay.modules.backup import repository
from mainstay.modules.backup.service import making, scheduling, sources, watching
from mainstay.modules.backup.service.tidying import Tidied
from mainstay.observe.counters import Counters
from mainstay.testing.frozen import FrozenClock
from mainstay.testing.mail import MailServer
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No backup can be made until this is undone."""

    def refuse(*_arguments: object) -> None:
        raise BackupError("The disk is full.")

    monkeypatch.setattr(making, "make", refuse)
    return monkeypatch


def subjects(server: MailServer) -> list[str]:
    return [str(received.message["Subject"]) for received in server.received]


async def test_owners_are_told_once_again_each_day_and_when_it_is_well(
    program: Program,
    committed: WorkOpener,
    clock: FrozenClock,
    mail_server: MailServer,
    broken: pytest.MonkeyPatch,
) -> None:
    """An earlier version told once and never again, however long it lasted."""
    missed, well = "Corner Shop: no recent backup", "Corner Shop: backups are well again"
    async with committed(SYSTEM) as uow:
        await uow.write(OWNER)

    async def pass_hours(first: int, last: int) -> list[str]:
        for hour in range(first, last):
            clock.move_to(NOON + hour * HOUR)
            await tick(program, committed, NOON + hour * HOUR)
        return subjects(mail_server)

    assert await pass_hours(0, 27) == []
    assert await pass_hours(27, 30) == [missed]
    assert await pass_hours(30, 51) == [missed]
    assert await pass_hours(51, 52) == [missed] * 2
    assert await pass_hours(76, 77) == [missed] * 3
    told = mail_server.received[0]
    assert told.recipients == ("joan@shop.example",)
    assert "The disk is full." in told.part("plain")
    assert "never" in told.part("plain")
    assert "https://shop.example/settings" in told.part("html")

    broken.undo()
    assert await pass_hours(77, 80) == [missed] * 3 + [well]
    assert (await rows(committed))[-1] == ("verified", None, True)
    async with committed(SYSTEM) as uow:
        found = await watching.standing(uow)
    assert found is not None
    assert found.alarm_since is None


async def test_a_new_outage_after_a_good_backup_is_told_at_once(
    uow: UnitOfWork, clock: FrozenClock, mail_server: MailServer, tmp_path: Path
) -> None:
    database = await repository.introduce(uow, ids.new_id(), clock.now())
    await uow.write(OWNER)
    await add_archive(uow, tmp_path, database["id"], clock.now())

    clock.move(26 * HOUR)
    await watching.watch(uow)
    assert (await repository.database(uow) or {})["alarm_since"] is None
    clock.move(timedelta(minutes=1))
    await watching.watch(uow)

    row = await repository.database(uow) or {}
    assert (row["alarm_since"], row["told_at"]) == (clock.now(), clock.now())
    assert await uow.read_value("SELECT count(*) FROM mail_message WHERE name = 'backup.missed'") == 1


async def test_a_clock_that_was_ahead_silences_no_alarm(
    uow: UnitOfWork, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither by an archive of a year to come, nor by a letter of then, nor by when backups were first looked at."""
    await uow.write(OWNER)
    clock.move_to(NOON.replace(year=2040))
    database = await repository.introduce(uow, ids.new_id(), clock.now())
    await add_archive(uow, tmp_path, database["id"], clock.now())
    await repository.note_alarm(uow, clock.now(), clock.now())
    clock.move_to(NOON)

    await scheduling.tick(uow, Tidied())
    clock.move(27 * HOUR)
    monkeypatch.setattr(scheduling, "_begin", nothing)
    await scheduling.tick(uow, Tidied())

    assert await uow.read_value("SELECT count(*) FROM mail_message WHERE name = 'backup.missed'") == 1
    found = await watching.standing(uow)
    assert found is not None
    assert (found.verified_at, found.age) == (None, 27 * HOUR)


async def nothing(_uow: UnitOfWork) -> None:
    """Begin no backup."""


async def test_a_backup_that_is_being_made_is_waited_for_less_than_an_hour(uow: UnitOfWork, clock: FrozenClock) -> None:
    """A worker that starts looks again: owners were told, without a reason, while their backup was made."""
    await uow.write(OWNER)
    await repository.introduce(uow, ids.new_id(), clock.now())
    told = "SELECT count(*) FROM mail_message WHERE name = 'backup.missed'"
    clock.move(27 * HOUR)
    await scheduling.tick(uow, Tidied())
    clock.move(timedelta(minutes=4))
    await scheduling.tick(uow, Tidied())
    assert await uow.read_value("SELECT array_agg(state) FROM backup_archive") == ["making"]
    assert await uow.read_value(told) == 0

    clock.move(timedelta(minutes=56))
    await scheduling.tick(uow, Tidied())

    assert await uow.read_value("SELECT array_agg(state) FROM backup_archive") == ["making"]
    assert await uow.read_value(told) == 1


@pytest.mark.parametrize("state", ["unverified", "broken"])
async def test_an_archive_that_is_not_verified_ends_no_alarm(
    uow: UnitOfWork, clock: FrozenClock, tmp_path: Path, state: str
) -> None:
    database = await repository.introduce(uow, ids.new_id(), clock.now())
    clock.move(30 * HOUR)
    await add_archive(uow, tmp_path, database["id"], clock.now(), state)

    await watching.watch(uow)

    found = await watching.standing(uow)
    assert found is not None
    assert (found.alarm_since, found.last_state, found.reason) == (clock.now(), state, "It is broken.")


async def test_the_numbers_tell_age_and_outcome(uow: UnitOfWork, clock: FrozenClock, tmp_path: Path) -> None:
    counters = Counters()
    await watching.observe(uow, counters)
    assert counters.text() == ""

    database = await repository.introduce(uow, ids.new_id(), clock.now())
    clock.move(2 * HOUR)
    await watching.observe(uow, counters)
    assert counters.value(watching.AGE) == 7200
    assert counters.value(watching.OUTCOME, outcome="verified") == 0

    await add_archive(uow, tmp_path, database["id"], clock.now())
    clock.move(HOUR)
    await watching.observe(uow, counters)
    assert counters.value(watching.AGE) == 3600
    assert counters.value(watching.OUTCOME, outcome="verified") == 1
    assert counters.value(watching.OUTCOME, outcome="failed") == 0


async def test_without_a_schedule_nobody_is_told(
    uow: UnitOfWork, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await repository.introduce(uow, ids.new_id(), clock.now())
    monkeypatch.setattr(sources, "chosen", lambda _uow: BackupSettings(schedule=False))
    clock.move(100 * HOUR)

    await watching.watch(uow)

    assert (await repository.database(uow) or {})["alarm_since"] is None


async def test_numbers_tell_how_far_a_second_place_is(
    open_work: WorkOpener, vault_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FrozenClock
) -> None:
    """Without one they say nothing of it."""
    counters = Counters()
    async with open_work(SYSTEM) as uow:
        await watching.observe(uow, counters)
        assert watching.BEHIND not in counters.text()
        (vault_folder / "postgres").mkdir(exist_ok=True)
        store = Store.open(tmp_path, name_of(vault_folder / "postgres"))
        monkeypatch.setattr(sources, "second_place", lambda _uow: store)
        clock.move_to(NOON)
        await watching.observe(uow, counters)
        assert counters.value(watching.BEHIND) == counters.value(watching.BASE_AGE) == watching.NEVER
        store.cover(NOON - timedelta(seconds=7))
        await watching.observe(uow, counters)

    assert counters.value(watching.BEHIND) == 7
