"""Files over the API: sent in pieces, known by their content, refused with a reason, and whose they are."""

import io
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from file_calls import FILES_URL, HIDDEN, MOST, OCTETS, OTHER, new_file, picture, send, send_piece, sha256
from PIL import Image

from mainstay.storage.folder import FolderStorage
from mainstay.storage.storage import StorageFailed, Stored
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory

RunJobs = Callable[[], Awaitable[int]]
SignIn = Callable[[str], Awaitable[Client]]
PDF = b"%PDF-1.7 of a price list"


async def announced(client: Client, content: bytes = PDF, **fields: object) -> str:
    new = new_file(content, "list.pdf", **fields)
    answer = await client.post(FILES_URL, json=new)
    assert answer.status_code == 201, answer.text
    return str(new["id"])


async def test_a_file_that_breaks_off_goes_on_where_it_was(owner: Client) -> None:
    file_id = await announced(owner)
    assert (await send_piece(owner, file_id, 0, PDF[:7]))["received"] == 7

    early = await owner.put(f"{FILES_URL}/{file_id}/pieces?offset=9", content=PDF[9:], headers=OCTETS)
    again = await owner.put(f"{FILES_URL}/{file_id}/pieces?offset=0", content=PDF[:7], headers=OCTETS)

    for refused in (early, again):
        assert (refused.status_code, refused.json()["code"]) == (409, "files.wrong_offset")
        assert refused.json()["received"] == 7
    short = await owner.post(f"{FILES_URL}/{file_id}/finish", json={"sha256": sha256(PDF)})
    assert (short.status_code, short.json()["code"], short.json()["received"]) == (409, "files.not_whole", 7)
    await send_piece(owner, file_id, 7, PDF[7:])
    ended = await owner.post(f"{FILES_URL}/{file_id}/finish", json={"sha256": sha256(PDF)})
    assert ended.json()["state"] == "ready"
    assert (await owner.get(f"{FILES_URL}/{file_id}/content")).content == PDF


async def test_a_file_is_ended_once_and_takes_nothing_afterwards(owner: Client) -> None:
    made = await send(owner, PDF, "list.pdf")
    again = await owner.post(f"{FILES_URL}/{made['id']}/finish", json={})
    assert again.json() == made
    more = await owner.put(f"{FILES_URL}/{made['id']}/pieces?offset={len(PDF)}", content=b"x", headers=OCTETS)
    assert (more.status_code, more.json()["code"]) == (409, "files.not_receiving")


async def test_a_file_that_arrives_damaged_is_sent_anew(owner: Client, run_jobs: RunJobs) -> None:
    file_id = await announced(owner)
    await send_piece(owner, file_id, 0, PDF[::-1])
    await owner.delete(f"{FILES_URL}/{file_id}")
    file_id = await announced(owner)
    await send_piece(owner, file_id, 0, PDF.replace(b"list", b"lost"))
    differs = await owner.post(f"{FILES_URL}/{file_id}/finish", json={"sha256": sha256(PDF)})
    assert (differs.status_code, differs.json()["code"]) == (409, "files.hash_differs")
    await run_jobs()
    await send_piece(owner, file_id, 0, PDF)
    assert (await owner.post(f"{FILES_URL}/{file_id}/finish", json={"sha256": sha256(PDF)})).json()["state"] == "ready"


async def test_a_part_is_named_by_plain_digits_alone(owner: Client) -> None:
    made = await send(owner, PDF, "list.pdf")
    answer = await owner.get(f"{FILES_URL}/{made['id']}/content", headers=[(b"range", b"bytes=\xb2-5")])
    assert (answer.status_code, answer.content) == (200, PDF)


async def test_no_file_takes_the_room_that_the_database_needs(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    file_id = await announced(owner)
    monkeypatch.setattr("shutil.disk_usage", lambda _path: SimpleNamespace(free=511 * 1024 * 1024))
    full = await owner.put(f"{FILES_URL}/{file_id}/pieces?offset=0", content=PDF, headers=OCTETS)
    assert (full.status_code, full.json()["code"]) == (503, "files.storage_full")
    monkeypatch.undo()
    assert (await send_piece(owner, file_id, 0, PDF))["received"] == len(PDF)


async def test_more_than_was_announced_is_refused(owner: Client) -> None:
    file_id = await announced(owner)
    more = await owner.put(f"{FILES_URL}/{file_id}/pieces?offset=0", content=PDF + b"x", headers=OCTETS)
    assert (more.status_code, more.json()["code"]) == (422, "files.too_large")
    assert (await owner.get(f"{FILES_URL}/{file_id}")).json()["received"] == 0


async def test_a_file_larger_than_allowed_is_not_begun(owner: Client) -> None:
    answer = await owner.post(FILES_URL, json=new_file(PDF, size=51 * 1024 * 1024))
    assert (answer.status_code, answer.json()["code"]) == (422, "files.too_large")


async def test_the_same_announcement_again_changes_nothing_and_another_with_its_id_is_refused(owner: Client) -> None:
    new = new_file(PDF)
    assert (await owner.post(FILES_URL, json=new)).status_code == 201
    assert (await owner.post(FILES_URL, json=new)).status_code == 200
    other = await owner.post(FILES_URL, json=new | {"size": 7})
    assert (other.status_code, other.json()["code"]) == (409, "files.id_reused")


async def test_a_record_has_only_so_many_files(owner: Client) -> None:
    for _ in range(MOST):
        await announced(owner, owner_id=str(OTHER))
    more = await owner.post(FILES_URL, json=new_file(PDF, owner_id=str(OTHER)))
    assert (more.status_code, more.json()["code"]) == (409, "files.too_many")


def animated() -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), each) for each in ("red", "blue")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    return file.getvalue()


@pytest.mark.practice(14)
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<svg onload=alert(1)></svg>", "type_not_allowed"),
        (b"<!doctype html><script>alert(1)</script>", "type_not_allowed"),
        (b"PK\x03\x04 an archive", "type_not_allowed"),
        (b"MZ\x90\x00\x03 a program", "type_not_allowed"),
        (b"\xff\xd8\xff\xe0 no picture behind this", "picture_damaged"),
        (picture()[:-200], "picture_damaged"),
        (animated(), "picture_moves"),
        (picture(size=(7000, 7000)), "picture_too_large"),
    ],
    ids=["svg", "page", "archive", "program", "broken", "cut", "animated", "bomb"],
)
async def test_what_it_is_its_content_says_whatever_its_name(
    owner: Client, run_jobs: RunJobs, content: bytes, reason: str
) -> None:
    made = await send(owner, content, "dawn.png")
    assert (made["state"], made["reason"]) == ("refused", reason)
    refused = await owner.get(f"{FILES_URL}/{made['id']}/content")
    assert (refused.status_code, refused.json()["code"]) == (409, "files.not_ready")
    link = await owner.post(f"{FILES_URL}/{made['id']}/link")
    assert link.status_code == 409


@pytest.mark.practice(14)
async def test_a_picture_tells_nothing_of_where_it_was_taken(owner: Client) -> None:
    exif = Image.Exif()
    exif[0x010E] = "geo:52.5200,13.4050"
    exif.get_ifd(0x8825)[1] = "N"
    made = await send(owner, picture("JPEG", exif=exif.tobytes(), comment=b"geo:52.5200,13.4050"), "dawn.jpg")
    kept = (await owner.get(f"{FILES_URL}/{made['id']}/content")).content
    assert b"geo:52" not in kept
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    assert (made["width"], made["height"]) == (640, 480)


async def test_a_picture_is_turned_in_all_its_smaller_forms(owner: Client, run_jobs: RunJobs) -> None:
    made = await send(owner, picture())
    await run_jobs()
    turned = await owner.post(f"{FILES_URL}/{made['id']}/turn?degrees=90")
    assert (turned.json()["turn"], turned.json()["forms"]) == (90, [])
    await run_jobs()
    shown = await owner.get(f"{FILES_URL}/{made['id']}/forms/thumbnail?turn=90")
    image = Image.open(io.BytesIO(shown.content)).convert("RGB")
    assert image.size == (192, 256)
    # Its left half was red, and now is the upper one.
    red, _, blue = image.getpixel((96, 20))  # type: ignore[misc]  # of an RGB picture there are three
    assert red > 200 > blue
    text = await send(owner, b"plain words", "note.txt")
    assert (await owner.post(f"{FILES_URL}/{text['id']}/turn?degrees=90")).json()["code"] == "files.not_ready"


async def test_nothing_of_a_file_can_act_as_a_page_of_ours(owner: Client) -> None:
    made = await send(owner, b"just words", 'na\u202eme/../evil".txt')
    assert made["filename"] == "evil_.txt"
    answer = await owner.get(f"{FILES_URL}/{made['id']}/content")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "no-store" in answer.headers["cache-control"]


async def test_who_reaches_the_record_reaches_its_files_and_nobody_else(
    owner: Client, sign_in_as: SignIn, make_client: ClientFactory
) -> None:
    made, hidden = await send(owner, PDF, "list.pdf"), await send(owner, PDF, "secret.pdf", owner_id=str(HIDDEN))
    reader, stranger = await sign_in_as("cashier"), await sign_in_as("read_only")
    assert (await reader.get(f"{FILES_URL}/{made['id']}/content")).content == PDF
    for call in every_call(made["id"]):
        assert (await call(make_client())).status_code == 401
        assert (await call(stranger)).status_code == 403
    for call in every_change(made["id"]):
        assert (await call(reader)).json()["code"] == "not_allowed"
    manager = await sign_in_as("manager")
    for call in every_call(hidden["id"]):
        answer = await call(manager)
        assert (answer.status_code, answer.json()["code"]) == (404, "files.unknown")
    absent = await owner.get(f"{FILES_URL}/{uuid4()}")
    assert absent.json()["code"] == "files.unknown"


def every_change(file_id: str) -> list[Callable[[Client], Awaitable[Any]]]:
    url = f"{FILES_URL}/{file_id}"
    return [
        lambda client: client.put(f"{url}/pieces?offset=0", content=b"x", headers=OCTETS),
        lambda client: client.post(f"{url}/finish", json={}),
        lambda client: client.post(f"{url}/turn?degrees=90"),
        lambda client: client.delete(url),
    ]


def every_call(file_id: str) -> list[Callable[[Client], Awaitable[Any]]]:
    url = f"{FILES_URL}/{file_id}"
    return [
        lambda client: client.get(url),
        lambda client: client.get(f"{url}/content"),
        lambda client: client.get(f"{url}/forms/thumbnail"),
        lambda client: client.post(f"{url}/link"),
        *every_change(file_id),
    ]


@pytest.mark.parametrize(("kind", "owner_id"), [("books.book", HIDDEN), ("books.page", OTHER)], ids=["record", "kind"])
async def test_a_record_that_one_does_not_reach_has_no_files(sign_in_as: SignIn, kind: str, owner_id: object) -> None:
    manager = await sign_in_as("manager")
    asked = await manager.get(f"{FILES_URL}?owner_kind={kind}&owner_id={owner_id}")
    begun = await manager.post(FILES_URL, json=new_file(PDF, owner_kind=kind, owner_id=str(owner_id)))
    for answer in (asked, begun):
        assert (answer.status_code, answer.json()["code"]) == (404, "files.owner_unknown")


async def test_the_files_of_a_record_are_listed(owner: Client) -> None:
    first, second = await send(owner, PDF, "a.pdf"), await send(owner, PDF, "b.pdf")
    found = (await owner.get(f"{FILES_URL}?owner_kind=books.book&owner_id={first['owner_id']}")).json()["items"]
    assert [each["id"] for each in found] == [first["id"], second["id"]]


@pytest.mark.parametrize(
    ("part", "status", "expected"),
    [
        ("bytes=0-3", 206, PDF[:4]),
        ("bytes=20-", 206, PDF[20:]),
        ("bytes=-4", 206, PDF[-4:]),
        ("bytes=5-2", 416, b""),
        ("bytes=99-", 416, b""),
        ("bytes=0-1,3-4", 200, PDF),
        ("lines=1-2", 200, PDF),
    ],
)
async def test_a_part_is_given(owner: Client, part: str, status: int, expected: bytes) -> None:
    made = await send(owner, PDF, "list.pdf")
    answer = await owner.get(f"{FILES_URL}/{made['id']}/content", headers={"range": part})
    assert (answer.status_code, answer.content) == (status, expected)


async def test_what_the_caller_has_is_not_sent_again(owner: Client) -> None:
    made = await send(owner, PDF, "list.pdf")
    first = await owner.get(f"{FILES_URL}/{made['id']}/content")
    again = await owner.get(f"{FILES_URL}/{made['id']}/content", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_place_that_is_away_is_told_and_loses_nothing(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = await send(owner, PDF, "list.pdf")

    async def fail(_storage: FolderStorage, _key: str) -> Stored:
        raise StorageFailed("away")

    with monkeypatch.context() as away:
        away.setattr(FolderStorage, "head", fail)
        answer = await owner.get(f"{FILES_URL}/{made['id']}/content")
    assert (answer.status_code, answer.json()["code"]) == (503, "files.storage_away")
    assert (await owner.get(f"{FILES_URL}/{made['id']}/content")).content == PDF
