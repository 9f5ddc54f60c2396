"""Chunks of an archive: what was written comes out, and nothing that was touched does."""

import io
from collections.abc import Callable

import pytest

from mainstay.db.backup.errors import BackupError
from mainstay.db.backup.sealing import CHUNK, ChunkWriter, Digested, Encrypted, Sealer, key_label, read_chunks

KEY = b"a key of more than thirty-two characters"
HEADER = b'{"salt": "00"}\n'
CONTENT = bytes(range(256)) * 3000

MakeSealer = Callable[[], Sealer]
BOTH = pytest.mark.parametrize(
    "sealer", [Encrypted(KEY, "00", HEADER), Digested(HEADER)], ids=["with a key", "without"]
)


def written(sealer: Sealer, content: bytes = CONTENT) -> bytes:
    file = io.BytesIO()
    writer = ChunkWriter(file, sealer)
    writer.write(content[:10])
    writer.write(content[10:])
    writer.close()
    return file.getvalue()


def read(sealer: Sealer, text: bytes) -> bytes:
    return b"".join(read_chunks(io.BytesIO(text), sealer))


def chunks(text: bytes) -> list[bytes]:
    found = []
    while text:
        size = 4 + (int.from_bytes(text[:4], "big") & ~(1 << 31))
        found.append(text[:size])
        text = text[size:]
    return found


@BOTH
@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, len(CONTENT)])
def test_what_was_written_is_read(sealer: Sealer, size: int) -> None:
    assert read(sealer, written(sealer, CONTENT[:size])) == CONTENT[:size]


def test_with_a_key_nothing_can_be_read_in_it() -> None:
    assert b"\x10\x11\x12\x13\x14\x15" not in written(Encrypted(KEY, "00", HEADER))
    assert b"\x10\x11\x12\x13\x14\x15" in written(Digested(HEADER))


@BOTH
def test_chunks_that_were_exchanged_dropped_repeated_cut_off_or_added_are_refused(sealer: Sealer) -> None:
    first, second, last = chunks(written(sealer))

    for forged in (
        [second, first, last],
        [first, last],
        [second, last],
        [first, first, second, last],
        [first, second],
        [first],
        [],
        [first, second, last, last],
        [first, second, last, b"x"],
        [first, second, last[:-1]],
        [first[:2]],
    ):
        with pytest.raises(BackupError, match="damaged"):
            read(sealer, b"".join(forged))


@BOTH
def test_the_mark_of_the_last_chunk_cannot_be_moved(sealer: Sealer) -> None:
    first, _, _ = chunks(written(sealer))
    head = (int.from_bytes(first[:4], "big") | 1 << 31).to_bytes(4, "big")

    with pytest.raises(BackupError, match="damaged"):
        read(sealer, head + first[4:])


@BOTH
def test_one_altered_bit_anywhere_is_found(sealer: Sealer) -> None:
    text = written(sealer, b"short")

    for place in range(len(text)):
        forged = bytearray(text)
        forged[place] ^= 1
        with pytest.raises(BackupError, match="damaged"):
            read(sealer, bytes(forged))


@pytest.mark.parametrize(
    "other", [Encrypted(KEY, "01", HEADER), Encrypted(KEY + b"!", "00", HEADER), Encrypted(KEY, "00", HEADER + b" ")]
)
def test_another_salt_key_or_header_opens_nothing(other: Sealer) -> None:
    with pytest.raises(BackupError, match="damaged"):
        read(other, written(Encrypted(KEY, "00", HEADER)))


def test_a_keys_label_differs_by_key_and_salt_and_tells_nothing() -> None:
    labels = {key_label(KEY, "00"), key_label(KEY, "01"), key_label(KEY + b"!", "00")}

    assert len(labels) == 3
    assert all(len(label) == 8 for label in labels)
