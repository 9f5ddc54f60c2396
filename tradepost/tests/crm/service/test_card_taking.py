"""What is taken as a picture of cards: real type by content, archives file by file, nothing kept that should not be."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import psutil
import pytest
from cards_read import packed, picture
from PIL import Image

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.crm.cards.limits import MEBI

PHOTOS = "/api/v1/crm/card-photos"
PLACE = "53.5511N 9.9937E"
# The test file that every virus scanner knows (eicar.org), put together so that none takes this file for it.
VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def sent_as(filename: str) -> dict[str, str]:
    """Return what a file is sent as."""
    return {"id": str(ids.new_id()), "batch_id": str(ids.new_id()), "filename": filename}


def with_link() -> bytes:
    """Return an archive with a link out of it."""
    out = io.BytesIO()
    entry = zipfile.ZipInfo("link.jpg")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(entry, "/etc/passwd")
    return out.getvalue()


def encrypted() -> bytes:
    """Return an archive with a file that needs a password."""
    content = bytearray(packed({"card.png": picture()}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def huge_header() -> bytes:
    """Return a PNG that says it has 50,000 pixels a side."""
    body = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(64))
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return start + struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))


def animated() -> bytes:
    """Return a picture that moves."""
    out = io.BytesIO()
    Image.new("RGB", (200, 200), "red").save(
        out, "WEBP", save_all=True, append_images=[Image.new("RGB", (200, 200), "blue")]
    )
    return out.getvalue()


def truncated() -> bytes:
    """Return the first half of a picture."""
    whole = picture(kind="JPEG")
    return whole[: len(whole) // 2]


REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "huge.png": (huge_header, "crm.picture_too_large", "far too many pixels"),
    "moving.webp": (animated, "crm.picture_animated", "animated"),
    "half.jpg": (truncated, "crm.picture_damaged", "not sent whole"),
    "drawing.jpg": (
        lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        "crm.picture_wrong_kind",
        "SVG",
    ),
    "page.jpg": (lambda: b"<!DOCTYPE html><script>alert(1)</script>", "crm.picture_wrong_kind", "web page"),
    "script.png": (lambda: b"#!/bin/sh\nrm -rf /\n", "crm.picture_wrong_kind", "no picture"),
    "virus.jpg": (lambda: VIRUS, "crm.picture_wrong_kind", "no picture"),
    "empty.jpg": (lambda: b"", "crm.picture_wrong_kind", "empty"),
    "fat.jpg": (lambda: b"\xff\xd8\xff" + bytes(20 * MEBI), "crm.picture_too_large", "MiB"),
    "nothing.zip": (lambda: packed({}), "crm.archive_refused", "empty"),
    "broken.zip": (lambda: packed({"card.png": picture()})[:60], "crm.archive_refused", "damaged"),
    "bomb.zip": (lambda: packed({"card.png": bytes(60 * MEBI)}), "crm.archive_refused", "MiB"),
    "paths.zip": (lambda: packed({"../../card.png": picture()}), "crm.archive_refused", "leads out"),
    "absolute.zip": (lambda: packed({"/etc/card.png": picture()}), "crm.archive_refused", "leads out"),
    "link.zip": (with_link, "crm.archive_refused", "link"),
    "secret.zip": (encrypted, "crm.archive_refused", "encrypted"),
    "nested.zip": (lambda: packed({"more.zip": packed({"card.png": picture()})}), "crm.archive_refused", "archive in"),
    "many.zip": (lambda: packed({f"{at}.png": b"" for at in range(201)}), "crm.archive_refused", "at most 200"),
    "pages.zip": (lambda: packed({"card.jpg": b"<html>"}), "crm.archive_refused", "web page"),
}


@pytest.mark.practice(14)
@pytest.mark.parametrize("filename", REFUSED)
async def test_a_wrong_file_gets_a_clear_sentence_and_nothing_is_kept(
    owner: Client, uow: UnitOfWork, filename: str
) -> None:
    make, code, words = REFUSED[filename]

    answer = await owner.post(PHOTOS, params=sent_as(filename), content=make())

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert words in answer.json()["detail"]
    assert await uow.read_value("SELECT count(*) FROM crm_card_photo") == 0
    assert await uow.read_value("SELECT count(*) FROM crm_card_batch") == 0
    assert await uow.read_value("SELECT count(*) FROM mainstay_event WHERE name = 'crm.card_photo_received'") == 0


@pytest.mark.practice(14)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_of_a_photo_with_places_and_more_only_the_picture_is_kept(
    owner: Client, uow: UnitOfWork, kind: str
) -> None:
    exif = Image.Exif()
    exif[0x010E] = PLACE
    exif[0x0112] = 6
    content = picture(kind=kind, exif=exif) + VIRUS
    assert PLACE.encode() in content
    params = sent_as("../../photo of 9.9937E.jpg")

    answer = await owner.post(PHOTOS, params=params, content=content)

    (photo,) = answer.json()["photos"]
    assert (photo["filename"], photo["width"], photo["height"]) == ("photo of 9.9937E.jpg", 200, 300)
    kept: bytes = await uow.read_value("SELECT content FROM crm_card_photo")
    assert PLACE.encode() not in kept
    assert VIRUS not in kept
    shown = await owner.get(f"{PHOTOS}/{photo['id']}/image")
    assert shown.content == kept
    assert (await owner.post(PHOTOS, params=params, content=content)).json()["is_repeat"] is True


@pytest.mark.practice(14)
async def test_of_an_archive_each_file_is_taken_or_refused_with_the_reason(owner: Client, uow: UnitOfWork) -> None:
    files = {
        "fair/1.png": picture((1, 0, 0)),
        "fair/2.jpg": b"<html>",
        "../3.png": picture((3, 0, 0)),
        "4.zip": packed({"5.png": picture((5, 0, 0))}),
        "6.webp": picture((6, 0, 0), "WEBP"),
        "7.png": picture((1, 0, 0)),
    }
    params = sent_as("fair.zip")

    answer = await owner.post(PHOTOS, params=params, content=packed(files))

    assert answer.status_code == 201
    taken, refused = answer.json()["photos"], answer.json()["refused"]
    assert [(one["filename"], one["is_repeat"]) for one in taken] == [
        ("1.png", False), ("6.webp", False), ("1.png", True),
    ]  # fmt: skip
    assert {one["batch_id"] for one in taken} == {params["batch_id"]}
    assert [(one["filename"], one["code"]) for one in refused] == [
        ("2.jpg", "crm.picture_wrong_kind"), ("3.png", "crm.archive_path"), ("4.zip", "crm.archive_nested"),
    ]  # fmt: skip
    assert await uow.read_value("SELECT count(*) FROM crm_card_photo") == 2


async def test_the_same_archive_again_adds_nothing(owner: Client, uow: UnitOfWork) -> None:
    content = packed({"1.png": picture((1, 0, 0)), "2.png": picture((2, 0, 0))})
    first = (await owner.post(PHOTOS, params=sent_as("fair.zip"), content=content)).json()

    again = await owner.post(PHOTOS, params=sent_as("fair.zip"), content=content)

    assert (again.status_code, again.json()["is_repeat"]) == (200, True)
    assert [one["id"] for one in again.json()["photos"]] == [one["id"] for one in first["photos"]]
    assert again.json()["batch_id"] == first["batch_id"]
    assert await uow.read_value("SELECT count(*) FROM crm_card_batch") == 1


async def test_an_archive_that_turns_out_to_be_a_bomb_leaves_none_of_its_pictures(
    owner: Client, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradepost.crm.cards.archive.MOST_BYTES", MEBI)
    content = packed({"1.png": picture(), "2.png": bytes(2 * MEBI)})

    answer = await owner.post(PHOTOS, params=sent_as("bomb.zip"), content=content)

    assert (answer.status_code, answer.json()["code"]) == (422, "crm.archive_refused")
    assert await uow.read_value("SELECT count(*) FROM crm_card_photo") == 0


async def test_memory_stays_flat_however_many_pictures_an_archive_has(owner: Client) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for at in range(20):
            made.writestr(f"{at}.png", picture((at, 0, 0)) + bytes(10 * MEBI))
    before = psutil.Process().memory_info().rss

    answer = await owner.post(PHOTOS, params=sent_as("fair.zip"), content=out.getvalue())

    assert len(answer.json()["photos"]) == 20
    # All of them unpack to 200 MiB.
    assert psutil.Process().memory_info().rss - before < 80 * MEBI
