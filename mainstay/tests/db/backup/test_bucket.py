"""A bucket of archives: one that goes away is told in a sentence, however far a backup or a restore has come."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bucket_server import KEY, KEY_ID, BucketServer, bucket_in
from pydantic import SecretStr

from mainstay.db.backup.bucket import BucketShelf, shelf_in
from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.making import Source, Target, make
from mainstay.db.backup.stopping import Stop
from mainstay.storage.opening import storage_in
from mainstay.storage.settings import Bucket, bucket_of

LONG = bytes(16 * 1024 * 1024)


def bucket_at(server: BucketServer) -> Bucket:
    return bucket_of(server.url("deep"), KEY_ID, SecretStr(KEY), 1.0)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BucketServer]:
    """A service that a test may end."""
    with bucket_in(tmp_path) as server:
        yield server


def test_an_address_says_bucket_and_folder_and_no_key(bucket_server: BucketServer) -> None:
    bucket = bucket_at(bucket_server)

    assert shelf_in(bucket).address == f"s3://{bucket.name}/deep/archives"
    assert shelf_in(replace(bucket, prefix="")).address == f"s3://{bucket.name}/archives"
    assert KEY not in repr(shelf_in(bucket))


def test_a_service_that_goes_away_is_told_wherever_one_has_come(
    server: BucketServer, source: Source, target: Target
) -> None:
    """While it is written to, and before; the next one finds it back, and nothing half in it."""
    bucket = bucket_at(server)
    shelf = BucketShelf(storage_in(bucket), f"s3://{bucket.name}")
    with pytest.raises(BackupError, match="The bucket of backups cannot be used"), shelf.writing("a.backup") as file:
        file.write(LONG)
        server.kill()
        file.write(LONG)
    with pytest.raises(BackupError, match="The bucket of backups cannot be used") as refused:
        make(source, replace(target, shelf=shelf), Stop())
    assert server.endpoint not in str(refused.value)
    with pytest.raises(BackupError, match="The bucket of backups cannot be used"), shelf.opened("a.backup") as file:
        file.read(1)

    server.start()
    assert shelf.sizes() == {}
    made = make(source, replace(target, shelf=shelf), Stop())
    assert shelf.sizes() == {made.archive.name: made.size}


def test_an_archive_that_ends_early_is_no_end_of_it(server: BucketServer) -> None:
    """Else a service that goes away while an archive is read looked like one that was cut."""
    shelf = BucketShelf(storage_in(bucket_at(server)), "s3://x")
    with shelf.writing("a.backup") as file:
        file.write(LONG * 4)

    with pytest.raises(BackupError, match="The bucket of backups cannot be used"), shelf.opened("a.backup") as file:
        assert file.read(1000)
        server.kill()
        file.read()


def test_a_name_that_is_no_key_is_an_archive_that_is_not_there(bucket_server: BucketServer) -> None:
    shelf = shelf_in(bucket_at(bucket_server))

    with pytest.raises(BackupError, match="no such archive"), shelf.opened("../A") as file:
        file.read(1)


def test_a_large_archive_comes_in_parts_of_which_few_are_kept(bucket_server: BucketServer) -> None:
    """What a slow bucket has not taken stays where it comes from: the writer waits."""
    taken, ahead = 0, 0

    class Slow:
        async def put(self, _key: str, pieces: object, _shape: object = None) -> int:
            nonlocal taken
            async for piece in pieces:  # type: ignore[attr-defined]  # as the port's
                taken += len(piece)
                await asyncio.sleep(0)
            return taken

    with BucketShelf(Slow(), "s3://x").writing("a.backup") as file:  # type: ignore[arg-type]  # of the port what is used
        for number in range(200):
            file.write(LONG[:100_000])
            ahead = max(ahead, (number + 1) * 100_000 - taken)

    assert taken == 20_000_000
    assert ahead < 1_000_000
