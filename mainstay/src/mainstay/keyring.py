"""Keyring: the program's secret, which signs and seals, and further keys that only verify and open.

Secrets that stand in files may change while the program runs: a process looks before it signs, seals, verifies or
opens. Why so: docs/decisions/0035-exchanging-the-secret.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import structlog
from pydantic import SecretStr

from mainstay import clock, crypto
from mainstay.crypto import Unreadable
from mainstay.errors import ConfigurationError
from mainstay.settings import CoreSettings, checked_secret

UNTIL = "until="
# What a key is called by in the audit trail and for the operator is derived from it like any other key.
_NAME = "mainstay.key_name"

logger = structlog.stdlib.get_logger(__name__)

# Seconds for which what is tagged does without a look at the files.
LATELY = 1.0

# Of each file its inode, when it was written and when anything of it changed (its owner, its rights), and its size.
Stamp = tuple[tuple[int, int, int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Accepted:
    """A key that verifies what it signed until a moment, if there is one, and opens what it sealed."""

    __untold__ = True

    key: bytes = field(repr=False)
    until: datetime | None = None

    @property
    def name(self) -> str:
        """What the key is called by where everybody may read it."""
        return name_of(self.key)

    def has_run_out(self) -> bool:
        """Whether it verifies no more."""
        return self.until is not None and self.until <= clock.now()


@dataclass(frozen=True, slots=True)
class Files:
    """Where the secret and the accepted keys stand, if they stand in files."""

    key: Path | None = None
    accepted: Path | None = None

    def stamp(self) -> Stamp:
        """Return what changes whenever a file is replaced or written."""
        return tuple(map(_stamp, filter(None, (self.key, self.accepted))))


class Keyring:
    """The secret of a program with the keys accepted beside it."""

    __untold__ = True

    def __init__(self, key: bytes, accepted: tuple[Accepted, ...] = (), files: Files | None = None) -> None:
        self._files = files or Files()
        # None equals no stamp: `key` may have been read a while ago, so the first use looks at the files.
        self._stamp: Stamp | None = None
        self._unreadable: Stamp | None = None
        self._looked = -LATELY
        self._key = key
        self._accepted = accepted

    @classmethod
    def of(cls, core: CoreSettings, secret: SecretStr) -> "Keyring":
        """Return the keys that the settings hold, `secret` first. Raises ConfigurationError when one is weak."""
        files = Files(core.file_of("secret_key"), core.file_of("accepted_secret_keys"))
        return cls(checked_secret(secret), accepted_keys(core.accepted_secret_keys), files)

    @property
    def name(self) -> str:
        """What the secret is called by where everybody may read it."""
        return name_of(self._current())

    @property
    def accepted(self) -> tuple[Accepted, ...]:
        """The keys beside the secret, as they are now."""
        current = self._current()
        return tuple(each for each in self._accepted if each.key != current)

    def label(self, purpose: str) -> bytes:
        """Return how the secret is named in what it seals for one `purpose`."""
        return crypto.label_of(self._current(), purpose)

    def sign(self, purpose: str, text: str) -> str:
        """Return the secret's signature of `text` for one `purpose`; see `crypto.sign`."""
        return crypto.sign(self._current(), purpose, text)

    def is_genuine(self, purpose: str, text: str, signature: str) -> bool:
        """Whether the secret signed `text` for one `purpose`, or a key that still verifies did.

        It looks first: what a key signed that has been dropped since is genuine no more.
        """
        self._has_changed()
        return self._signed(purpose, text, signature)

    def mark(self, purpose: str, text: str) -> str:
        """Return a short signature (100 bits) in small letters, digits, `-` and `_`: where letters lose their case."""
        return _short(self.sign(purpose, text))

    def is_marked(self, purpose: str, text: str, mark: str) -> bool:
        """Whether `mark` is the mark of `text` for one `purpose`, by the secret or a key that still verifies."""
        return self._marked(purpose, text, mark) or (self._has_changed() and self._marked(purpose, text, mark))

    def tag(self, purpose: str, text: str) -> str:
        """Return a quick signature for what every answer has and a second is soon enough for; see `crypto.tag`."""
        self._look_lately()
        return crypto.tag(self._key, purpose, text)

    def is_tagged(self, purpose: str, text: str, tag: str) -> bool:
        """Whether `tag` is the tag of `text` for one `purpose`, by the secret or a key that still verifies."""
        self._look_lately()
        return self._tagged(purpose, text, tag) or (self._has_changed() and self._tagged(purpose, text, tag))

    def seal(self, purpose: str, secret: bytes, owner: str) -> bytes:
        """Encrypt under the secret; see `crypto.seal`."""
        return crypto.seal(self._current(), purpose, secret, owner)

    def unseal(self, purpose: str, sealed: bytes, owner: str) -> bytes:
        """Return what `seal` was given, with the key that its first bytes name. Raises Unreadable."""
        self._has_changed()
        key = self._named(purpose, crypto.label_in(sealed))
        if key is None:
            raise Unreadable("It was sealed under another key.")
        return crypto.unseal(key, purpose, sealed, owner)

    def _current(self) -> bytes:
        self._has_changed()
        return self._key

    def _keys(self) -> Iterator[bytes]:
        yield self._key
        yield from (each.key for each in self._accepted)

    def _valid(self) -> Iterator[bytes]:
        yield self._key
        yield from (each.key for each in self._accepted if not each.has_run_out())

    def _signed(self, purpose: str, text: str, signature: str) -> bool:
        return any(crypto.is_equal(crypto.sign(key, purpose, text), signature) for key in self._valid())

    def _marked(self, purpose: str, text: str, mark: str) -> bool:
        return any(crypto.is_equal(_short(crypto.sign(key, purpose, text)), mark) for key in self._valid())

    def _tagged(self, purpose: str, text: str, tag: str) -> bool:
        return any(crypto.is_equal(crypto.tag(key, purpose, text), tag) for key in self._valid())

    def _look_lately(self) -> None:
        """Look at the files unless that was done a moment ago."""
        now = clock.monotonic()
        if now - self._looked >= LATELY:
            self._looked = now
            self._has_changed()

    def _named(self, purpose: str, label: bytes) -> bytes | None:
        return next((key for key in self._keys() if crypto.label_of(key, purpose) == label), None)

    def _has_changed(self) -> bool:
        """Take the keys anew when their files changed, and say so.

        Files that cannot be read leave them as they are, and are read again at the next use.
        """
        stamp = self._files.stamp()
        if stamp == self._stamp:
            return False
        try:
            # In this order: whoever exchanges the secret has written the accepted keys before it.
            key = self._key if self._files.key is None else checked_secret(read_secret(self._files.key))
            accepted = (
                self._accepted if self._files.accepted is None else accepted_keys(read_secret(self._files.accepted))
            )
        except (OSError, UnicodeDecodeError, ConfigurationError) as failure:
            if stamp != self._unreadable:
                logger.warning("secret key", outcome="left as it was", reason=type(failure).__name__)
            self._unreadable = stamp
            return False
        self._stamp, self._unreadable = stamp, None
        if (key, accepted) == (self._key, self._accepted):
            return False
        self._key, self._accepted = key, accepted
        logger.info("secret key", outcome="taken anew", key=name_of(key), accepted=len(accepted))
        return True


def _short(signature: str) -> str:
    return signature[:20].lower()


def name_of(key: bytes) -> str:
    """Return the name of a key: eight hexadecimal digits, from which the key cannot be found."""
    return crypto.label_of(key, _NAME).hex()


def accepted_keys(text: SecretStr | None) -> tuple[Accepted, ...]:
    """Return the keys in the setting of accepted ones. Raises ConfigurationError when one is weak or a date is none."""
    found: list[Accepted] = []
    for word in (text.get_secret_value() if text else "").split():
        if not word.startswith(UNTIL):
            found.append(Accepted(_checked(word)))
        elif found and found[-1].until is None:
            found[-1] = Accepted(found[-1].key, _moment(word.removeprefix(UNTIL)))
        else:
            raise ConfigurationError("Among the accepted secret keys, `until=` must stand behind a key, once.")
    return tuple(found)


def _checked(word: str) -> bytes:
    try:
        return checked_secret(SecretStr(word))
    except ConfigurationError as failure:
        raise ConfigurationError(f"Of the accepted secret keys one does not fit: {failure}") from failure


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as failure:
        raise ConfigurationError(
            "Among the accepted secret keys, `until=` must be followed by a date such as 2026-12-31."
        ) from failure
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_secret(path: Path) -> SecretStr:
    """Return what a file of secrets holds. Raises OSError and UnicodeDecodeError."""
    return SecretStr(path.read_text(encoding="utf-8").strip())


def _stamp(path: Path) -> tuple[int, int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size
