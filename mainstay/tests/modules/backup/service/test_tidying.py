"""Archives go by the rules: this database's own alone, and the record says which are gone."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from backup_calls import add_archive

from mainstay import ids
from mainstay.modules.backup import repository
from mainstay.modules.backup.service import tidying
from mainstay.testing.frozen import FrozenClock
from mainstay.work import UnitOfWork

DAY = timedelta(days=1)
GONE = "SELECT id FROM backup_archive WHERE removed_at IS NOT NULL ORDER BY started_at"


@pytest.fixture
async def database(uow: UnitOfWork, clock: FrozenClock) -> UUID:
    """Which database this is."""
    row = await repository.introduce(uow, ids.new_id(), clock.now())
    key: UUID = row["id"]
    return key


@pytest.fixture
def folder(vault_folder: Path) -> Path:
    """Where archives of the settings lie."""
    return vault_folder / "backups"


async def gone(uow: UnitOfWork) -> list[UUID]:
    return [row["id"] for row in await uow.read(GONE)]


async def tidy(uow: UnitOfWork) -> None:
    """As a worker does: it looks first, outside of the transaction that records."""
    await uow.commit()
    await tidying.note(uow, await tidying.clear(uow))


async def test_the_last_of_two_days_stay_and_the_newest_verified_one(
    uow: UnitOfWork, clock: FrozenClock, database: UUID, folder: Path
) -> None:
    _, verified_path = await add_archive(uow, folder, database, clock.now() - 9 * DAY)
    old, old_path = await add_archive(uow, folder, database, clock.now() - 8 * DAY, "unverified")
    kept = [await add_archive(uow, folder, database, clock.now() - days * DAY, "unverified") for days in (1, 0)]

    await tidy(uow)

    assert await gone(uow) == [old]
    assert not old_path.exists()
    assert verified_path.exists()
    assert all(path.exists() for _, path in kept)
    await uow.commit()
    acts = await uow.read("SELECT object_id FROM audit_entry WHERE act = 'backup.removed'")
    assert [act["object_id"] for act in acts] == [str(old)]


async def test_what_another_database_made_is_never_touched(
    uow: UnitOfWork, clock: FrozenClock, database: UUID, folder: Path
) -> None:
    """Not by its record, and not when a file of another database lies under the name that was recorded."""
    other = UUID(int=9)
    _, theirs = await add_archive(uow, folder, other, clock.now() - 9 * DAY)
    _, ours = await add_archive(uow, folder, database, clock.now() - 8 * DAY)
    ours.write_bytes(theirs.read_bytes())
    for days in (2, 1, 0):
        await add_archive(uow, folder, database, clock.now() - days * DAY)
    stranger = folder / "somebody-elses.backup"
    stranger.write_text("not ours")

    await tidy(uow)

    assert theirs.exists()
    assert ours.exists()
    assert stranger.exists()
    assert len(await gone(uow)) == 1


async def test_archives_elsewhere_stay_where_somebody_put_them(
    uow: UnitOfWork, clock: FrozenClock, database: UUID, folder: Path, tmp_path: Path
) -> None:
    _, elsewhere = await add_archive(uow, tmp_path, database, clock.now() - 9 * DAY)
    for days in (2, 1, 0):
        await add_archive(uow, folder, database, clock.now() - days * DAY)

    await tidy(uow)

    assert elsewhere.exists()


async def test_a_file_that_somebody_removed_counts_no_more_until_it_is_back(
    uow: UnitOfWork, clock: FrozenClock, database: UUID, folder: Path
) -> None:
    key, path = await add_archive(uow, folder, database, clock.now())
    content = path.read_bytes()
    path.unlink()

    await tidy(uow)
    assert await gone(uow) == [key]
    assert await repository.verified_at(uow, database, clock.now()) is None

    path.write_bytes(content)
    await tidy(uow)
    assert await gone(uow) == []
    assert await repository.verified_at(uow, database, clock.now()) == clock.now()


async def test_what_is_long_gone_is_forgotten(
    uow: UnitOfWork, clock: FrozenClock, database: UUID, folder: Path
) -> None:
    _, path = await add_archive(uow, folder, database, clock.now())
    path.unlink()
    await tidy(uow)

    clock.move(tidying.REMEMBERED + DAY)
    await tidy(uow)

    assert await uow.read("SELECT id FROM backup_archive") == []


async def test_an_old_archive_is_known_again_when_its_disk_is_back(
    uow: UnitOfWork, clock: FrozenClock, database: UUID, folder: Path
) -> None:
    """Red when what is gone is forgotten by its own age: nobody ever lets go of the archive of a month again."""
    made_at = clock.now() - tidying.REMEMBERED - DAY
    key, path = await add_archive(uow, folder, database, made_at)
    away = path.rename(path.with_name(".away"))
    await tidy(uow)
    assert await gone(uow) == [key]

    away.rename(path)
    await tidy(uow)

    assert await gone(uow) == []
    assert await repository.verified_at(uow, database, clock.now()) == made_at


async def test_before_anybody_looked_there_is_nothing_to_do(uow: UnitOfWork) -> None:
    await tidy(uow)

    assert await repository.database(uow) is None
