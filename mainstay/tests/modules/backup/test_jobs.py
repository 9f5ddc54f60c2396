"""What backup does by itself, on a real database: made when due, once a day, tried out, and told of when it fails."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from backup_calls import OWNER, rows, tick
from bucket_server import KEY, KEY_ID, BucketServer, bucket_in
from pydantic import SecretStr

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.db.backup.bucket import shelf_in
from mainstay.db.backup.errors import BackupError, Unrehearsed
from mainstay.db.backup.folder import archive_at
from mainstay.db.backup.making import alone
from mainstay.db.backup.restoring import Recipe, verify
from mainstay.modules.backup import jobs
from mainstay.modules.backup.errors import BackupUnderWay
from mainstay.modules.backup.events import BackupWanted
from mainstay.modules.backup.service import making, sources, watching
from mainstay.storage.settings import bucket_of
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, WorkOpener

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture
def folder(vault_folder: Path) -> Path:
    """Where archives lie; what earlier tests left there is of other databases."""
    return vault_folder / "backups"


def archives(folder: Path) -> set[Path]:
    return set(folder.glob("*.backup"))


def size(path: Path) -> int:
    return path.stat().st_size


async def ticks(program: Program, open_work: WorkOpener, clock: FrozenClock, *moments: datetime) -> None:
    for moment in moments:
        clock.move_to(moment)
        await tick(program, open_work, moment)


async def test_one_is_made_a_day_after_its_hour_and_one_that_was_missed_as_soon_as_possible(
    program: Program, committed: WorkOpener, clock: FrozenClock
) -> None:
    day = timedelta(days=1)
    await ticks(program, committed, clock, NOON, NOON + timedelta(hours=13))
    assert await rows(committed) == []

    await ticks(program, committed, clock, NOON + timedelta(hours=14), NOON + timedelta(hours=15), NOON + day)
    assert await rows(committed) == [("verified", None, True)]

    # The program was down for two days and a half.
    await ticks(program, committed, clock, NOON + 3 * day, NOON + 3 * day + timedelta(hours=1))
    assert await rows(committed) == [("verified", None, True)] * 2


async def test_a_clock_that_was_ahead_for_a_while_hinders_no_later_backup(
    program: Program, committed: WorkOpener, clock: FrozenClock
) -> None:
    """A machine without a battery for its clock started in 2040, made a backup, and was put right."""
    later = NOON.replace(year=2040)
    await ticks(program, committed, clock, later, later + timedelta(days=1))
    assert await rows(committed) == [("verified", None, True)]
    async with committed(SYSTEM) as uow:
        await making.begin(uow, ids.new_id(), "asked")

    await ticks(program, committed, clock, NOON, NOON + timedelta(hours=14), NOON + timedelta(hours=15))

    assert [(state, is_there) for state, _, is_there in await rows(committed)] == [
        ("verified", True),
        ("verified", True),
        ("making", True),
    ]


async def test_an_archive_that_went_is_made_up_for(
    program: Program, committed: WorkOpener, clock: FrozenClock, folder: Path
) -> None:
    before = archives(folder)
    await ticks(program, committed, clock, NOON, NOON + timedelta(days=1))
    for path in archives(folder) - before:
        path.unlink()

    await ticks(program, committed, clock, NOON + timedelta(days=1, hours=1))

    assert await rows(committed) == [("verified", None, False), ("verified", None, True)]


async def test_an_archive_is_what_its_record_says(
    program: Program, committed: WorkOpener, clock: FrozenClock, folder: Path
) -> None:
    await ticks(program, committed, clock, NOON, NOON + timedelta(days=1))

    async with committed(SYSTEM) as uow:
        (row,) = await uow.read("SELECT * FROM backup_archive")
        (database,) = await uow.read("SELECT id FROM backup_database")
        acts = await uow.read("SELECT act FROM audit_entry WHERE act LIKE 'backup.%'")
    path = Path(row["path"])
    assert path.parent == folder
    assert size(path) == row["size_bytes"]
    manifest = verify(Recipe(archive_at(path)))
    assert (manifest.database, manifest.made_at, manifest.rows) == (database["id"], row["started_at"], row["row_count"])
    assert [act["act"] for act in acts] == ["backup.ended"]


async def test_one_that_fails_is_tried_every_hour_and_a_broken_trial_never_fills_the_disk(
    program: Program, committed: WorkOpener, clock: FrozenClock, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An earlier version kept every archive whose trial failed."""
    before = archives(folder)

    def refuse(*_arguments: object) -> None:
        raise BackupError("The copy differs.")

    monkeypatch.setattr(making, "rehearse", refuse)
    hours = [NOON + timedelta(days=1, hours=hour) for hour in range(5)]
    await ticks(program, committed, clock, NOON, *hours)

    assert [state for state, _, _ in await rows(committed)] == ["broken"] * 5
    assert [is_there for _, _, is_there in await rows(committed)] == [False] * 4 + [True]
    assert len(archives(folder) - before) == 1


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BucketServer]:
    """A service of buckets that a test may end."""
    with bucket_in(tmp_path) as server:
        yield server


async def test_a_bucket_has_them_by_the_same_rules_and_is_tried_again_when_it_was_away(
    program: Program,
    committed: WorkOpener,
    clock: FrozenClock,
    folder: Path,
    server: BucketServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of what is away nothing is said: archives that nobody can see are neither lost nor let go."""
    shelf = shelf_in(bucket_of(server.url("deep"), KEY_ID, SecretStr(KEY), 1.0))
    monkeypatch.setattr(sources, "shelf_of", lambda _uow: shelf)
    before, day = archives(folder), timedelta(days=1)
    there, gone = ("verified", None, True), ("verified", None, False)

    await ticks(program, committed, clock, *(NOON + number * day for number in range(4)))
    assert await rows(committed) == [gone, there, there]
    async with committed(SYSTEM) as uow:
        recorded = await uow.read("SELECT path, size_bytes FROM backup_archive WHERE removed_at IS NULL")
    stored = await asyncio.to_thread(shelf.sizes)
    assert {row["path"]: row["size_bytes"] for row in recorded} == {
        f"{shelf.address}/{name}": size for name, size in stored.items()
    }
    assert archives(folder) == before

    server.kill()
    await ticks(program, committed, clock, NOON + 4 * day, NOON + 4 * day + timedelta(hours=3))
    *others, (state, reason, _), (again, _, _) = await rows(committed)
    assert (others, state, again) == ([gone, there, there], "failed", "failed")
    assert reason == "The bucket of backups cannot be used: The bucket does not answer as it should (GenericError)."
    assert await alarm(committed)

    server.start()
    await ticks(program, committed, clock, NOON + 4 * day + timedelta(hours=4))
    assert (await rows(committed))[-1] == there
    assert not await alarm(committed)
    assert len(await asyncio.to_thread(shelf.sizes)) == 2


async def alarm(open_work: WorkOpener) -> bool:
    """Whether owners are told that no archive is young enough."""
    async with open_work(SYSTEM) as uow:
        found = await watching.standing(uow)
    return found is not None and found.alarm_since is not None


async def test_a_backup_beside_another_fails_with_the_reason(
    committed: WorkOpener, clock: FrozenClock, fresh_database_url: str
) -> None:
    key = ids.new_id()
    async with committed(SYSTEM) as uow:
        await making.begin(uow, key, "asked")
    with alone(fresh_database_url):
        async with committed(SYSTEM) as uow:
            outcome = await jobs.carry_out(uow, BackupWanted(backup_id=key))
    async with committed(SYSTEM) as uow:
        await jobs.record(uow, BackupWanted(backup_id=key), outcome)

    ((state, reason, _),) = await rows(committed)
    assert (state, "Another backup of this database is under way" in str(reason)) == ("failed", True)


async def test_of_two_that_begin_at_one_moment_one_waits_and_is_refused(
    program: Program, committed: WorkOpener, clock: FrozenClock
) -> None:
    """Each found none under way, and two were made."""
    await ticks(program, committed, clock, NOON)
    async with committed(SYSTEM) as first:
        await making.begin(first, ids.new_id(), "asked")
        second = asyncio.create_task(_begin(committed))
        done, _ = await asyncio.wait({second}, timeout=0.5)
        assert not done
    with pytest.raises(BackupUnderWay):
        await second
    assert [state for state, _, _ in await rows(committed)] == ["making"]


async def _begin(open_work: WorkOpener) -> None:
    async with open_work(SYSTEM) as uow:
        await making.begin(uow, ids.new_id(), "asked")


async def test_one_that_cannot_be_tried_is_kept_and_not_called_verified(
    program: Program, committed: WorkOpener, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decline(*_arguments: object) -> None:
        raise Unrehearsed("The account may not create databases.")

    monkeypatch.setattr(making, "rehearse", decline)
    await ticks(program, committed, clock, NOON, NOON + timedelta(days=1), NOON + timedelta(days=1, hours=1))

    assert await rows(committed) == [("unverified", "The account may not create databases.", True)]


async def test_what_workers_died_of_is_recorded_as_failed(committed: WorkOpener, clock: FrozenClock) -> None:
    key = ids.new_id()
    async with committed(SYSTEM) as uow:
        await uow.write(OWNER)
        await making.begin(uow, key, "scheduled")
    for _ in range(2):
        async with committed(SYSTEM) as uow:
            await jobs.give_up(uow, BackupWanted(backup_id=key))

    assert [state for state, _, _ in await rows(committed)] == ["failed"]


async def test_one_that_is_cancelled_while_it_is_tried_out_leaves_nothing_to_the_next(
    program: Program, committed: WorkOpener, clock: FrozenClock, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the queue's page, by its time limit, or by a kill: an archive of full size was left, and each time another."""
    before, trying = archives(folder), threading.Event()

    def wait(recipe: Recipe, *_arguments: object) -> None:
        ended = threading.Event()
        with recipe.stop.ending(ended.set):
            trying.set()
            ended.wait(30)
        recipe.stop.refuse()

    event = BackupWanted(backup_id=ids.new_id())
    async with committed(SYSTEM) as uow:
        await making.begin(uow, event.backup_id, "asked")
    with monkeypatch.context() as patch:
        patch.setattr(making, "rehearse", wait)
        async with committed(SYSTEM) as uow:
            running = asyncio.create_task(jobs.carry_out(uow, event))
            assert await asyncio.to_thread(trying.wait, 30)
            running.cancel()
            with pytest.raises(asyncio.CancelledError):
                await running
    async with committed(SYSTEM) as uow:
        await jobs.give_up(uow, event)
    assert len(archives(folder) - before) == 1

    await ticks(program, committed, clock, NOON)

    async with committed(SYSTEM) as uow:
        (made,) = await uow.read("SELECT path FROM backup_archive WHERE path IS NOT NULL")
    assert archives(folder) - before == {Path(made["path"])}


async def test_one_that_was_given_up_is_not_begun_and_one_that_comes_about_yet_counts(
    committed: WorkOpener, clock: FrozenClock, folder: Path
) -> None:
    """Given up after hours of waiting for a worker, or while it was made."""
    before, event = archives(folder), BackupWanted(backup_id=ids.new_id())
    async with committed(SYSTEM) as uow:
        await making.begin(uow, event.backup_id, "asked")
    async with committed(SYSTEM) as uow:
        outcome = await jobs.carry_out(uow, event)
    for _ in range(2):
        async with committed(SYSTEM) as uow:
            await jobs.give_up(uow, event)
    async with committed(SYSTEM) as uow:
        assert (await jobs.carry_out(uow, event)).reason == "It was given up before it began."
        await jobs.record(uow, event, outcome)

    assert await rows(committed) == [("verified", None, True)]
    assert len(archives(folder) - before) == 1


async def test_what_was_broken_off_long_ago_stands_in_nobodys_way(
    program: Program, committed: WorkOpener, clock: FrozenClock
) -> None:
    """A command that was killed leaves a record of a backup that is being made for ever."""
    await ticks(program, committed, clock, NOON)
    clock.move_to(NOON + timedelta(hours=14, minutes=5))
    async with committed(SYSTEM) as uow:
        await making.begin(uow, ids.new_id(), "asked")
    await ticks(program, committed, clock, NOON + timedelta(hours=15))
    assert [state for state, _, _ in await rows(committed)] == ["making"]

    await ticks(program, committed, clock, NOON + timedelta(hours=21))

    assert [state for state, _, _ in await rows(committed)] == ["failed", "verified"]


async def test_a_record_that_is_gone_makes_no_archive(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        outcome = await jobs.carry_out(uow, BackupWanted(backup_id=UUID(int=5)))

    assert outcome.state == "failed"
