"""Archives: their files come one at a time, what is refused is told, and nothing an archive claims is believed."""

import io
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from tradepost.crm.cards import archive
from tradepost.crm.cards.archive import Refused, Unpacked, is_archive, label, unpack
from tradepost.crm.cards.limits import MEBI, Limits
from tradepost.crm.errors import ArchiveRefused


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """Return an archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name), content, method)
    return out


def told(file: io.BytesIO) -> list[tuple[str, str]]:
    """Return name and code of each file, the code of those that were unpacked being empty."""
    return [(one.filename, "" if isinstance(one, Unpacked) else one.code) for one in unpack(file)]


def test_files_come_in_their_order_with_the_last_part_of_their_names() -> None:
    found = list(unpack(packed({"fair/1.jpg": b"one", "2.png": b"two"})))
    assert found == [Unpacked("1.jpg", b"one"), Unpacked("2.png", b"two")]


def test_an_archive_is_known_by_its_content() -> None:
    assert is_archive(packed({"a": b"1"}).getvalue())
    assert is_archive(packed({}).getvalue())
    assert not is_archive(b"\xff\xd8\xff")


def test_folders_and_what_a_mac_adds_are_no_files() -> None:
    assert told(packed({"fair/": b"", "__MACOSX/fair/._1.jpg": b"x", ".DS_Store": b"x", "fair/1.jpg": b"1"})) == [
        ("1.jpg", "")
    ]


@pytest.mark.parametrize(
    "name", ["../1.jpg", "a/../../1.jpg", "/etc/1.jpg", "C:\\1.jpg", "..\\1.jpg", "\\\\host\\1.jpg"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(name: str) -> None:
    assert told(packed({name: b"x"})) == [("1.jpg", "crm.archive_path")]


def test_a_link_is_refused() -> None:
    out = io.BytesIO()
    entry = zipfile.ZipInfo("1.jpg")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(entry, "/etc/passwd")
    assert told(out) == [("1.jpg", "crm.archive_link")]


def test_an_archive_in_the_archive_is_refused() -> None:
    assert told(packed({"more.zip": packed({"1.jpg": b"1"}).getvalue()})) == [("more.zip", "crm.archive_nested")]


def test_an_encrypted_file_is_refused() -> None:
    content = bytearray(packed({"1.jpg": b"1"}).getvalue())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert told(io.BytesIO(bytes(content))) == [("1.jpg", "crm.archive_encrypted")]


def test_a_file_that_is_packed_in_another_way_is_refused() -> None:
    assert told(packed({"1.jpg": b"1"}, zipfile.ZIP_LZMA)) == [("1.jpg", "crm.archive_method")]


def test_a_damaged_file_is_refused_and_the_next_is_taken() -> None:
    content = packed({"1.jpg": b"a" * 100, "2.jpg": b"b"}, zipfile.ZIP_STORED).getvalue()
    assert told(io.BytesIO(content.replace(b"a" * 100, b"c" * 100))) == [
        ("1.jpg", "crm.archive_damaged"),
        ("2.jpg", ""),
    ]


def test_a_bomb_is_unpacked_no_further_than_a_picture_may_be() -> None:
    bomb = packed({"1.jpg": bytes(60 * MEBI)})
    assert len(bomb.getvalue()) < MEBI
    tracemalloc.start()
    (found,) = unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(found, Unpacked)
    assert len(found.content) == Limits().bytes + 1
    assert peak < 3 * Limits().bytes


def test_an_archive_that_unpacks_to_too_much_is_refused_whatever_it_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 3 * MEBI)
    bomb = packed({f"{number}.jpg": bytes(MEBI) for number in range(4)})
    with pytest.raises(ArchiveRefused, match="more than 3 MiB"):
        list(unpack(bomb))


def test_more_files_than_may_be_are_refused() -> None:
    with pytest.raises(ArchiveRefused, match="201 files; send at most 200"):
        list(unpack(packed({f"{number}.jpg": b"" for number in range(201)})))


def test_a_list_of_a_million_files_is_refused_before_it_is_parsed() -> None:
    entry = b"PK\x01\x02" + bytes(42)
    listing = entry * 1_000_000
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 65_535, 65_535, len(listing), 0, 0)
    file = io.BytesIO(listing + end)
    tracemalloc.start()
    with pytest.raises(ArchiveRefused, match="far too many files"):
        list(unpack(file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEBI


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def without_list(content: bytes) -> bytes:
    return content.replace(b"PK\x01\x02", b"PK\x00\x00")


@pytest.mark.parametrize("damage", [cut, without_list, lambda _: b"PK\x03\x04", lambda _: b"PK\x05\x06"])
def test_a_damaged_archive_is_refused(damage: Callable[[bytes], bytes]) -> None:
    content = packed({"1.jpg": b"1" * 50, "2.jpg": b"2"}, zipfile.ZIP_STORED).getvalue()
    with pytest.raises(ArchiveRefused, match="damaged"):
        list(unpack(io.BytesIO(damage(content))))


def test_an_archive_with_a_comment_is_read() -> None:
    out = packed({"1.jpg": b"1"})
    with zipfile.ZipFile(out, "a") as made:
        made.comment = b"from the fair"
    assert told(out) == [("1.jpg", "")]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("fair/card.jpg", "card.jpg"),
        ("C:\\fair\\card.jpg", "card.jpg"),
        ("\x1b[31mcard\x00.jpg", "[31mcard.jpg"),
        ("визитка.jpg", "визитка.jpg"),
        ("n" * 300, "n" * 255),
        ("../", ".."),
        ("", "unnamed"),
    ],
)
def test_a_name_is_a_label(name: str, shown: str) -> None:
    assert label(name) == shown


def test_a_refusal_has_a_sentence() -> None:
    (refused,) = unpack(packed({"../1.jpg": b"x"}))
    assert refused == Refused("1.jpg", "crm.archive_path", "Its name leads out of the archive; pack the pictures anew.")
