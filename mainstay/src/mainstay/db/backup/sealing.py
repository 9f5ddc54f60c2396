"""The chunks of an archive: each proves itself, its place and whether it is the last, so that nothing can be cut out.

With a key, chunks are encrypted by AES-256-GCM in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: Online
Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015): the nonce is the chunk's number and the mark of
the last one, the header is authenticated with each, and the key is derived for one archive by its random salt. Without
a key a digest stands in the tag's place, which finds accidents and no forgers.
"""

import hashlib
import hmac
from collections.abc import Iterator
from typing import IO, Protocol

from mainstay import crypto
from mainstay.db.backup.errors import BackupError

CHUNK = 256 * 1024
TAG = 16
_LAST = 1 << 31
_PURPOSE = "mainstay.backup"


class Sealer(Protocol):
    """What protects the chunks of one archive."""

    def seal(self, nonce: bytes, data: bytes) -> bytes:
        """Return `data`, protected, with its tag."""
        ...

    def open(self, nonce: bytes, sealed: bytes) -> bytes | None:
        """Return what was sealed; None when it was changed or stands in another place."""
        ...


class Encrypted:
    """Protects chunks by a key."""

    def __init__(self, key: bytes, salt: str, header: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - many a process seals nothing

        self._cipher = AESGCM(crypto.derive_key(key, _purpose(salt)))
        self._header = hashlib.sha256(header).digest()

    def seal(self, nonce: bytes, data: bytes) -> bytes:
        """Encrypt."""
        return self._cipher.encrypt(nonce, data, self._header)

    def open(self, nonce: bytes, sealed: bytes) -> bytes | None:
        """Decrypt."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - many a process seals nothing

        try:
            return self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag:
            return None


class Digested:
    """Protects chunks against accidents."""

    def __init__(self, header: bytes) -> None:
        self._header = hashlib.sha256(header).digest()

    def seal(self, nonce: bytes, data: bytes) -> bytes:
        """Append the digest."""
        return data + self._digest(nonce, data)

    def open(self, nonce: bytes, sealed: bytes) -> bytes | None:
        """Check the digest."""
        data, tag = sealed[:-TAG], sealed[-TAG:]
        return data if hmac.compare_digest(tag, self._digest(nonce, data)) else None

    def _digest(self, nonce: bytes, data: bytes) -> bytes:
        return hashlib.sha256(self._header + nonce + data).digest()[:TAG]


def key_label(key: bytes, salt: str) -> str:
    """Return by what an archive knows its key; it tells nothing of it."""
    return crypto.label_of(key, _purpose(salt)).hex()


def _purpose(salt: str) -> str:
    return f"{_PURPOSE}:{salt}"


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class ChunkWriter:
    """Writes a stream of bytes as chunks; `close` writes the last one."""

    def __init__(self, file: IO[bytes], sealer: Sealer) -> None:
        self._file, self._sealer = file, sealer
        self._waiting = bytearray()
        self._number = 0

    def write(self, data: bytes) -> None:
        """Append; nothing but less than a chunk is kept in memory."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._emit(bytes(self._waiting[:CHUNK]), is_last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        """Write what is left, as the last chunk."""
        self._emit(bytes(self._waiting), is_last=True)

    def _emit(self, data: bytes, *, is_last: bool) -> None:
        sealed = self._sealer.seal(_nonce(self._number, is_last=is_last), data)
        self._file.write((len(sealed) | (_LAST if is_last else 0)).to_bytes(4, "big") + sealed)
        self._number += 1


def read_chunks(file: IO[bytes], sealer: Sealer) -> Iterator[bytes]:
    """Yield the content of the chunks. Raises BackupError when one was changed, moved, cut off or added."""
    number, is_last = 0, False
    while not is_last:
        head = int.from_bytes(_exactly(file, 4), "big")
        is_last, size = bool(head & _LAST), head & ~_LAST
        if not TAG <= size <= CHUNK + TAG:
            raise damaged()
        data = sealer.open(_nonce(number, is_last=is_last), _exactly(file, size))
        if data is None:
            raise damaged()
        yield data
        number += 1
    if file.read(1):
        raise damaged()


def damaged() -> BackupError:
    """Return the refusal of an archive that is not as it was written."""
    return BackupError("The archive is damaged: it was changed or cut off after it was made; use another one.")


def _exactly(file: IO[bytes], size: int) -> bytes:
    data = file.read(size)
    if len(data) != size:
        raise damaged()
    return data
