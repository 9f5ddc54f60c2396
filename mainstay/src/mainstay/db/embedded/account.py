"""Which operating-system account the database server runs as: never root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from mainstay.db.embedded.errors import EmbeddedDatabaseError

# "postgres" owns nothing but databases; "nobody" exists everywhere and may be shared with other services.
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    """An account by number; `is_switched` says that it is not the program's own, so that children must change to it."""

    uid: int
    gid: int
    is_switched: bool

    @property
    def name(self) -> str:
        """The account's name, or its number where the system has no name for it."""
        return _name(self.uid)


def own_account() -> Account:
    """Return the program's own account."""
    return Account(os.geteuid(), os.getegid(), is_switched=False)


def server_account(cluster: Path) -> Account:
    """Return the account for the server of `cluster` (a folder that need not exist yet).

    A normal user is the server's account too. Root is replaced by whoever owns the cluster already, so that a data
    folder keeps its owner when an account appears or the program was run by a user before; else by an unprivileged
    account. Raises EmbeddedDatabaseError when the cluster belongs to somebody else or there is no such account.
    """
    owner = cluster.stat() if cluster.exists() else None
    own = os.geteuid()
    if own != 0:
        if owner is not None and owner.st_uid != own:
            raise EmbeddedDatabaseError(
                f"The database in {cluster} belongs to the account {_name(owner.st_uid)}; run the program as that "
                "account or as root, or choose another data folder."
            )
        return Account(own, os.getegid(), is_switched=False)
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, is_switched=True)
    return _unprivileged()


def _unprivileged() -> Account:
    present = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in present:
            return Account(present[name].pw_uid, present[name].pw_gid, is_switched=True)
    raise EmbeddedDatabaseError(
        f"PostgreSQL does not run as root and there is no account {' or '.join(UNPRIVILEGED)} to run it as; "
        "start the program as a normal user."
    )


def _name(uid: int) -> str:
    return next((entry.pw_name for entry in pwd.getpwall() if entry.pw_uid == uid), str(uid))
