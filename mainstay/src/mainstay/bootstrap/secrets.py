"""The program's secret: given by the operator, or made once, kept in the data folder, and exchanged there."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from mainstay import crypto
from mainstay.errors import ConfigurationError
from mainstay.keyring import UNTIL, Accepted, Files, Keyring, accepted_keys, read_secret
from mainstay.settings import CoreSettings, checked_secret

FILE_NAME = "secret.key"
ACCEPTED_FILE_NAME = "secret.accepted"
LOCK_FILE_NAME = "secret.lock"


class OwnSecret:
    """The secret that a program made itself: a file in its data folder, and one of the keys accepted beside it.

    Each is replaced whole, so that whoever reads it, or is killed, finds the former content or the new one.
    """

    def __init__(self, data_dir: Path) -> None:
        folder = data_dir.resolve()
        self.files = Files(folder / FILE_NAME, folder / ACCEPTED_FILE_NAME)
        self._key, self._accepted = folder / FILE_NAME, folder / ACCEPTED_FILE_NAME
        self._lock = folder / LOCK_FILE_NAME

    def made(self) -> "OwnSecret":
        """Make what is not there. Raises ConfigurationError when the folder cannot be written."""
        try:
            self._key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path, content in ((self._key, crypto.new_token(48)), (self._accepted, "")):
                if not path.exists():
                    _replace(path, content)
        except OSError as failure:
            raise ConfigurationError(f"The secret key cannot be kept in {self._key}: {failure.strerror}.") from failure
        return self

    def keyring(self) -> Keyring:
        """Return the keys in the files. Raises ConfigurationError when one is weak."""
        return Keyring(checked_secret(read_secret(self._key)), accepted_keys(read_secret(self._accepted)), self.files)

    def exchanged_at(self) -> float:
        """Return when the secret was made, in seconds since 1970 on the clock of the folder."""
        return self._key.stat().st_mtime

    def exchange(self, keyring: Keyring, fresh: str, until: datetime) -> None:
        """Make `fresh` the secret; the present one is accepted until a moment.

        The accepted keys are written first: at no moment is there a key that nobody knows any more.
        """
        former = Accepted(checked_secret(read_secret(self._key)), until)
        others = (each for each in keyring.accepted if each.key != former.key)
        self._write_accepted((former, *others))
        _replace(self._key, fresh)

    def drop(self, keyring: Keyring, names: frozenset[str]) -> None:
        """Forget the accepted keys of these names."""
        self._write_accepted(each for each in keyring.accepted if each.name not in names)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from exchanging the secret inside the block. Raises ConfigurationError when one does so now."""
        with self._lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as failure:
                raise ConfigurationError("The secret is being exchanged by another command; wait for it.") from failure
            yield

    def _write_accepted(self, keys: Iterable[Accepted]) -> None:
        _replace(self._accepted, "".join(f"{_line(each)}\n" for each in keys))


def keyring_of(program: str, core: CoreSettings, *, may_make: bool) -> Keyring:
    """Return the keys that `core` holds, or those in its data folder, made first where `may_make` says so.

    Raises ConfigurationError when a key is weak, or when there is none and this program may not make one: in
    production, and where other machines would need the same key; or when the folder cannot be written.
    """
    if core.secret_key is not None:
        return Keyring.of(core, core.secret_key)
    return own_secret(program, core, may_make=may_make).keyring()


def environment_of(program: str, core: CoreSettings, *, may_make: bool) -> dict[str, str]:
    """Return what processes must find in their environment, besides what is there, to have the keys of `keyring_of`.

    They are told the files and not the keys, so that they see an exchange. Raises ConfigurationError as that does.
    """
    keyring_of(program, core, may_make=may_make)
    if core.secret_key is not None:
        return {}
    files, prefix = OwnSecret(core.data_dir).files, program.upper()
    return {f"{prefix}_SECRET_KEY_FILE": str(files.key), f"{prefix}_ACCEPTED_SECRET_KEYS_FILE": str(files.accepted)}


def own_secret(program: str, core: CoreSettings, *, may_make: bool) -> OwnSecret:
    """Return the secret in the data folder, made first. Raises ConfigurationError where it may not be the program's."""
    prefix = program.upper()
    if core.environment == "production" or not may_make:
        raise ConfigurationError(
            f"Set {prefix}_SECRET_KEY to at least 32 random characters that stay the same at every start."
        )
    if core.accepted_secret_keys is not None and core.accepted_secret_keys.get_secret_value():
        raise ConfigurationError(f"Set {prefix}_SECRET_KEY where {prefix}_ACCEPTED_SECRET_KEYS is set.")
    return OwnSecret(core.data_dir).made()


def _line(accepted: Accepted) -> str:
    key = accepted.key.decode()
    return key if accepted.until is None else f"{key} {UNTIL}{accepted.until.isoformat()}"


def _replace(path: Path, content: str) -> None:
    """Write a file whole and readable by its owner alone, or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(file, content.encode())
        os.fsync(file)
    finally:
        os.close(file)
    fresh.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
