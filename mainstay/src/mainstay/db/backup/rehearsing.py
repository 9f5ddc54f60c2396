"""Rehearsing: an archive counts once it was restored into a scratch database of the same server and compared."""

import shutil
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from psycopg.sql import SQL, Identifier

from mainstay.db.backup.errors import BackupError, Unrehearsed
from mainstay.db.backup.making import MEGABYTE, Made, account_may_create, connected, databases_like
from mainstay.db.backup.programs import connection_parts, refuse_stopped
from mainstay.db.backup.restoring import Recipe, restore, verify

PREFIX = "mainstay_rehearsal_"


def rehearse(recipe: Recipe, made: Made, url: str, stop: threading.Event, *, data_dir: Path, reserve: int = 0) -> None:
    """Restore an archive into a scratch database beside the one at `url`, compare, and drop the scratch database.

    What earlier rehearsals left that were killed is dropped first; the caller holds the lock (`making.alone`). Raises
    Unrehearsed when it cannot be tried here, and BackupError when the archive does not hold what it should.
    """
    manifest = verify(recipe)
    if manifest != made.manifest:
        raise BackupError("The archive does not hold what was written into it.")
    prefix = f"{PREFIX}{manifest.database.hex}_"
    scratch = f"{prefix}{recipe.path.stem[-8:]}"
    with connected(url) as connection:
        for name in databases_like(connection, prefix):
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        if not account_may_create(connection):
            raise Unrehearsed(
                f"The account {connection.info.user} may not create databases, to try the archive in one."
            )
        _demand_space(
            url, data_dir, reserve, connection.execute("SELECT pg_database_size(current_database())").fetchone()
        )
        refuse_stopped(stop)
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(scratch)))
        try:
            restore(recipe, manifest, address_of(url, scratch))
        finally:
            # The server may be gone; the next rehearsal drops it then.
            with suppress(BackupError):
                connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(scratch)))


def address_of(url: str, database: str) -> str:
    """Return the address of another database of the server at `url`."""
    parts = connection_parts(url, database)
    return "postgresql://?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in parts.items())


def _demand_space(url: str, data_dir: Path, reserve: int, size: tuple[int, ...] | None) -> None:
    """Raise Unrehearsed when a second database would fill the disk of a server on this machine."""
    if not connection_parts(url).get("host", "/").startswith("/"):
        return
    wanted, free = (size[0] if size else 0) + reserve, shutil.disk_usage(data_dir).free
    if free < wanted:
        raise Unrehearsed(
            f"The database's disk has {free // MEGABYTE} MB free and trying the archive needs {wanted // MEGABYTE} MB."
        )
