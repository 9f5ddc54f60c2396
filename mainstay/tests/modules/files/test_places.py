"""Files of a program behave alike in a folder and in a bucket: the same tests pass on both, through the front door."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx2
import pytest
from bucket_server import KEY, KEY_ID, bucket_in
from file_calls import FILES_URL, filer, photo, picture, send, sweep
from PIL import Image

from mainstay import clock, ids
from mainstay.bootstrap.program import Program
from mainstay.modules.files.repository import files as repository
from mainstay.modules.files.repository.upkeep import unknown
from mainstay.modules.files.service import upkeep
from mainstay.modules.files.service.placing import FOLDERS, OWNER
from mainstay.observe.health import HealthSettings, Unhealthy
from mainstay.storage.opening import Place
from mainstay.storage.storage import NotStored
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, WorkOpener

RunJobs = Callable[[], Awaitable[int]]


@pytest.fixture(scope="session", params=["folder", "bucket"])
def program(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program whose files lie in a folder, and one whose files lie in a bucket; links work for two seconds."""
    folder = tmp_path_factory.mktemp("places")
    with pytest.MonkeyPatch.context() as environment:
        if request.param == "folder":
            yield filer(environment, "folderfiler", folder, FILES_LINK_SECONDS="2")
            return
        with bucket_in(folder) as server:
            settings = {"STORAGE_URL": server.url("deep"), "STORAGE_KEY_ID": KEY_ID, "STORAGE_KEY": KEY}
            yield filer(environment, "bucketfiler", folder, FILES_LINK_SECONDS="2", **settings)


@pytest.fixture
def anonymous(make_client: ClientFactory) -> Client:
    """A browser in which nobody is signed in."""
    return make_client()


async def fetched(link: str, anonymous: Client) -> httpx2.Response:
    """Return what somebody gets by a link who is not signed in."""
    if link.startswith("/"):
        return await anonymous.get(link)
    async with httpx2.AsyncClient() as stranger:
        return await stranger.get(link)


# Of a link that is not good a program says 404, the bucket's server 403, and 400 when it has run out or is not signed.
REFUSED = {"folder": {404}, "bucket": {400, 403}}


def place_of(program: Program) -> str:
    return "bucket" if program.name == "bucketfiler" else "folder"


async def test_a_file_is_given_as_it_was_sent_whole_and_in_part(owner: Client) -> None:
    content = b"%PDF-1.7 " + bytes(range(256)) * 9000
    made = await send(owner, content, "Price list.pdf")
    assert (made["state"], made["media_type"], made["scan"]) == ("ready", "application/pdf", "none")
    whole = await owner.get(f"{FILES_URL}/{made['id']}/content")
    assert whole.content == content
    assert whole.headers["content-disposition"].startswith('attachment; filename="Price list.pdf"')
    part = await owner.get(f"{FILES_URL}/{made['id']}/content", headers={"range": "bytes=5-8"})
    assert (part.status_code, part.content) == (206, content[5:9])
    assert part.headers["content-range"] == f"bytes 5-8/{len(content)}"


async def test_a_picture_has_smaller_forms_and_leaves_nothing_when_it_is_deleted(
    owner: Client, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    made = await send(owner, photo(), "dawn.jpg")
    await run_jobs()
    shown = (await owner.get(f"{FILES_URL}/{made['id']}")).json()
    assert [each["name"] for each in shown["forms"]] == ["screen", "thumbnail"]
    thumbnail = await owner.get(f"{FILES_URL}/{made['id']}/forms/thumbnail")
    assert thumbnail.headers["content-type"] == "image/webp"
    assert await stored_of(open_work, made["id"]) == 5

    assert (await owner.delete(f"{FILES_URL}/{made['id']}")).status_code == 204
    await run_jobs()
    assert await stored_of(open_work, made["id"]) == 0


async def test_a_form_is_given_in_avif_to_whoever_takes_it_and_in_webp_to_all_others(
    owner: Client, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    made = await send(owner, photo(), "dawn.jpg")
    await run_jobs()
    address = f"{FILES_URL}/{made['id']}/forms/screen"
    new = await owner.get(address, headers={"Accept": "image/avif,image/webp,*/*"})
    old = await owner.get(address, headers={"Accept": "image/webp,*/*"})

    assert [each.headers["content-type"] for each in (new, old)] == ["image/avif", "image/webp"]
    assert [Image.open(io.BytesIO(each.content)).size for each in (new, old)] == [(1280, 960)] * 2
    assert len(new.content) < len(old.content)
    # What stands between us and the caller keeps the two apart, and knows each again.
    assert all("accept" in each.headers["vary"].lower().replace(" ", "").split(",") for each in (new, old))
    assert new.headers["etag"] != old.headers["etag"]
    for answer, other in ((new, old), (old, new)):
        wanted = {"Accept": answer.request.headers["accept"]}
        same = await owner.get(address, headers=wanted | {"If-None-Match": answer.headers["etag"]})
        assert (same.status_code, same.headers["etag"]) == (304, answer.headers["etag"])
        assert "accept" in same.headers["vary"].lower()
        assert (await owner.get(address, headers=wanted | {"If-None-Match": other.headers["etag"]})).status_code == 200

    # Two files for each of the forms, all of which are known, and go with the picture.
    assert await stored_of(open_work, made["id"]) == 5
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
        keys = [each.key for folder in FOLDERS async for each in storage.listed(folder) if made["id"] in each.key]
        assert await unknown(uow, keys) == []
    assert (await owner.post(f"{FILES_URL}/{made['id']}/turn?degrees=90")).status_code == 200
    await run_jobs()
    assert await stored_of(open_work, made["id"]) == 5
    assert (await owner.delete(f"{FILES_URL}/{made['id']}")).status_code == 204
    await run_jobs()
    assert await stored_of(open_work, made["id"]) == 0


async def test_a_form_of_before_is_given_in_webp_to_everybody(
    owner: Client, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    made = await send(owner, photo(), "dawn.jpg")
    await run_jobs()
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE files_form SET avif_key = NULL, avif_size = NULL WHERE file_id = $1", UUID(made["id"]))
    got = await owner.get(f"{FILES_URL}/{made['id']}/forms/screen", headers={"Accept": "image/avif"})
    assert (got.status_code, got.headers["content-type"]) == (200, "image/webp")


async def stored_of(open_work: WorkOpener, file_id: str) -> int:
    """Count what lies in the place for bytes of one file."""
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
        return len([each for folder in FOLDERS async for each in storage.listed(folder) if file_id in each.key])


@pytest.mark.practice(89)
async def test_links_are_signed_and_run_out_and_nothing_is_given_to_strangers(
    owner: Client, anonymous: Client, program: Program
) -> None:
    refused = REFUSED[place_of(program)]
    made = await send(owner, picture())
    answer = (await owner.post(f"{FILES_URL}/{made['id']}/link")).json()
    link = answer["url"]
    assert 0 < (datetime.fromisoformat(answer["expires_at"]) - datetime.now(UTC)).total_seconds() <= 2

    got = await fetched(link, anonymous)
    assert got.status_code == 200
    assert got.content == (await owner.get(f"{FILES_URL}/{made['id']}/content")).content

    forged = link[:-1] + ("0" if link[-1] != "0" else "1")
    assert (await fetched(forged, anonymous)).status_code in refused
    unsigned = link.partition("?")[0] if "?" in link else link.rpartition(".")[0]
    assert (await fetched(unsigned, anonymous)).status_code in refused
    for address in (f"{made['id']}", f"{made['id']}/content", f"{made['id']}/forms/thumbnail"):
        assert (await anonymous.get(f"{FILES_URL}/{address}")).status_code == 401

    deadline = asyncio.get_running_loop().time() + 15
    while (late := await fetched(link, anonymous)).status_code == 200:
        assert asyncio.get_running_loop().time() < deadline, "The link does not run out."
        await asyncio.sleep(0.1)
    assert late.status_code in refused


async def test_a_link_of_ours_is_for_one_file_and_one_moment(
    owner: Client, anonymous: Client, program: Program
) -> None:
    made, other = await send(owner, picture()), await send(owner, picture())
    link = (await owner.post(f"{FILES_URL}/{made['id']}/link")).json()["url"]
    moved = link.replace(made["id"].replace("-", ""), other["id"].replace("-", "")).replace(made["id"], other["id"])
    assert moved != link
    assert (await fetched(moved, anonymous)).status_code in REFUSED[place_of(program)]


async def test_what_lies_in_the_bucket_of_another_database_is_never_removed(
    owner: Client, open_work: WorkOpener, program: Program, run_jobs: RunJobs
) -> None:
    """A copy of the shop for trials that was given the shop's bucket must not sweep it."""
    left = 1 if place_of(program) == "bucket" else 0
    stray = f"content/{ids.new_id()}/{ids.new_id()}"

    async def pieces() -> AsyncIterator[bytes]:
        yield b"of another database"

    made = await send(owner, b"%PDF-1.7 words", "list.pdf")
    await run_jobs()
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
        await storage.put(stray, pieces())
        await storage.put(OWNER, pieces())
    try:
        await owner.delete(f"{FILES_URL}/{made['id']}")
        await run_jobs()
        with clock.use_clock(FrozenClock(datetime.now(UTC) + timedelta(hours=25))):
            await sweep(open_work)

        assert await stored_of(open_work, made["id"]) == left
        assert await stored_of(open_work, stray) == left
    finally:
        await storage.delete(OWNER)


async def test_bytes_without_a_row_are_swept_and_a_row_without_bytes_is_told(
    owner: Client, open_work: WorkOpener
) -> None:
    made, stray = await send(owner, picture()), f"content/{ids.new_id()}/{ids.new_id()}"

    async def pieces() -> AsyncIterator[bytes]:
        yield b"left over"

    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
        await storage.put(stray, pieces())
        row = await repository.one(uow, UUID(made["id"]))
        assert row is not None
        await storage.delete(row["key"])
    await sweep(open_work)
    await storage.head(stray)  # too young: it could still be on its way
    tomorrow = FrozenClock(datetime.now(UTC) + timedelta(hours=25))
    with clock.use_clock(tomorrow):
        await sweep(open_work)
        with pytest.raises(NotStored):
            await storage.head(stray)
    assert (await owner.get(f"{FILES_URL}/{made['id']}")).json()["is_missing"] is True
    async with open_work(SYSTEM) as uow:
        with pytest.raises(Unhealthy, match="lost their content"):
            await upkeep.check(uow, HealthSettings())
