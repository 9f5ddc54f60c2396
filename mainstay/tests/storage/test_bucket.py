"""What is special about a bucket: every call is signed, links are signed and expire, and nothing is open to others."""

import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx2
import pytest
from bucket_server import KEY, KEY_ID, BucketServer

from mainstay.storage.bucket import BucketStorage
from mainstay.storage.settings import Bucket
from mainstay.storage.storage import Shape, Storage, StorageFailed

# What this server says to whoever brings no signature, or one that has run out; Amazon's says 403.
UNSIGNED = 400


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for each in given:
        yield each


async def linked(storage: Storage, seconds: int = 60) -> str:
    """Return a link to a stored file that says `hello`."""
    await storage.put("content/one", pieces(b"hello"), Shape("image/png", "dawn.png"))
    found = await storage.link("content/one", seconds)
    assert found is not None
    return found


async def test_a_link_gives_the_bytes_to_be_saved_and_not_shown(bucket: Storage) -> None:
    answer = httpx2.get(await linked(bucket))
    assert (answer.status_code, answer.content) == (200, b"hello")
    assert answer.headers["content-disposition"] == 'attachment; filename="dawn.png"'
    assert answer.headers["content-type"] == "image/png"


async def test_without_a_signature_nothing_is_given(bucket: Storage) -> None:
    link = urlsplit(await linked(bucket))
    assert httpx2.get(link._replace(query="").geturl()).status_code == UNSIGNED
    listing = link._replace(query="list-type=2", path="/" + link.path.split("/")[1])
    assert httpx2.get(listing.geturl()).status_code == UNSIGNED


async def test_a_forged_signature_is_refused(bucket: Storage) -> None:
    link = await linked(bucket)
    forged = link[:-1] + ("0" if link[-1] != "0" else "1")
    assert httpx2.get(forged).status_code == 403
    assert httpx2.get(link.replace("content/one", "content/two")).status_code == 403
    assert httpx2.get(link.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")).status_code == 403
    assert httpx2.get(link).status_code == 200


async def test_a_link_runs_out(bucket: Storage) -> None:
    link = await linked(bucket, seconds=1)
    deadline = time.monotonic() + 15
    while (status := httpx2.get(link).status_code) == 200:
        assert time.monotonic() < deadline, "The link does not run out."
    assert status == UNSIGNED


async def test_a_program_with_a_wrong_key_gets_nothing(bucket_server: BucketServer) -> None:
    storage = BucketStorage(Bucket(bucket_server.bucket(), "", bucket_server.endpoint, "us-east-1", KEY_ID, KEY[::-1]))
    with pytest.raises(StorageFailed):
        await storage.put("content/one", pieces(b"x"))
    with pytest.raises(StorageFailed):
        await storage.check()


async def test_a_bucket_that_is_not_there_is_a_failure_that_names_no_address(bucket_server: BucketServer) -> None:
    storage = BucketStorage(Bucket("absent", "", bucket_server.endpoint, "us-east-1", KEY_ID, KEY))
    with pytest.raises(StorageFailed) as caught:
        await storage.put("content/one", pieces(b"x"))
    assert bucket_server.endpoint not in str(caught.value)
