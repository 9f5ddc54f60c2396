"""The secret key: given by the operator, or made once and kept in the data folder."""

import os
from pathlib import Path

from pydantic import SecretStr

from mainstay import crypto
from mainstay.errors import ConfigurationError
from mainstay.settings import CoreSettings, checked_secret

FILE_NAME = "secret.key"


def secret_key(program: str, core: CoreSettings, *, may_make: bool) -> str:
    """Return the key that `core` holds, or the one in its data folder, which is made first where `may_make` says so.

    Raises ConfigurationError when the key is weak, or when there is none and this program may not make one: in
    production, and where other machines would need the same key; or when the folder cannot be written.
    """
    if core.secret_key is not None:
        return checked_secret(core.secret_key).decode()
    if core.environment == "production" or not may_make:
        raise ConfigurationError(
            f"Set {program.upper()}_SECRET_KEY to at least 32 random characters that stay the same at every start."
        )
    path = core.data_dir / FILE_NAME
    try:
        kept = _kept(path)
    except OSError as failure:
        raise ConfigurationError(f"The secret key cannot be kept in {path}: {failure.strerror}.") from failure
    return checked_secret(SecretStr(kept)).decode()


def _kept(path: Path) -> str:
    """Return the content of the key file, which is made when it is not there; readable by its owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(file, crypto.new_token(48).encode())
            os.fsync(file)
        finally:
            os.close(file)
        fresh.rename(path)
    return path.read_text(encoding="ascii").strip()
