"""A path to the socket that clients can use: the folder itself, or a short link to it."""

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from mainstay import crypto
from mainstay.db.embedded.errors import EmbeddedDatabaseError

# struct sockaddr_un holds 108 bytes with the closing zero, unix(7).
LONGEST = 107
SOCKET_NAME = ".s.PGSQL.5432"


def client_folder(sockets: Path) -> Path:
    """Return the folder that clients give as host to reach the socket in `sockets`, and make it usable.

    A path that is too long for a socket's address, or that libpq would read as a list of hosts, is replaced by a
    symbolic link in the folder for temporary files: addresses are limited, what they lead to is not. Raises
    EmbeddedDatabaseError when somebody else has put something of that name there.
    """
    if _fits(sockets):
        return sockets
    link = _link(sockets)
    if not _fits(link):
        raise EmbeddedDatabaseError(
            f"The path of {sockets} is too long for a socket, and so is that of {link}; choose a shorter data folder."
        )
    with suppress(FileExistsError):
        link.symlink_to(sockets)
    found = link.lstat()
    # A link of another account could lead the program, with its data, to that account's server.
    accounts = {os.geteuid()} | ({sockets.parent.stat().st_uid} if sockets.parent.exists() else set())
    is_own = stat.S_ISLNK(found.st_mode) and found.st_uid in accounts
    if not is_own or link.readlink() != sockets:
        raise EmbeddedDatabaseError(f"{link} was put there by somebody else; remove it, then start again.")
    return link


def close_passage(sockets: Path) -> None:
    """Remove the link that `client_folder` made, if it made one."""
    if not _fits(sockets):
        _link(sockets).unlink(missing_ok=True)


def _fits(folder: Path) -> bool:
    return len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST and "," not in str(folder)


def _link(sockets: Path) -> Path:
    return Path(tempfile.gettempdir()) / f"mainstay-{crypto.digest(ascii(sockets)).hex()[:16]}"
