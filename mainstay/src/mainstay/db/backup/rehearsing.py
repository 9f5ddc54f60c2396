"""Rehearsing: an archive counts once it was restored into a scratch database of the same server and compared."""

import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from mainstay.db.backup.archive import SUFFIX
from mainstay.db.backup.errors import BackupError, Unrehearsed
from mainstay.db.backup.folder import MEGABYTE
from mainstay.db.backup.making import Made, account_may_create, connected, databases_like
from mainstay.db.backup.programs import connection_parts
from mainstay.db.backup.restoring import Recipe, restore, verify

# What is restored is written to the server's log as well, which grows to about this before it is used again.
LOG = 1024 * MEGABYTE
PREFIX = "mainstay_rehearsal_"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an archive is tried: the server at `url`, whose disk is that of `data_dir` when it runs on this machine.

    So many bytes (`reserve`) of the disk stay free.
    """

    url: str = field(repr=False)
    data_dir: Path
    reserve: int = 0


def rehearse(recipe: Recipe, made: Made, scene: Scene) -> None:
    """Restore an archive into a scratch database on the same server, compare, and drop the scratch database.

    What earlier rehearsals left that were killed is dropped first; the caller holds the lock (`making.alone`). Raises
    Unrehearsed when it cannot be tried here, and BackupError when the archive does not hold what it should, or the
    recipe's `stop` is set.
    """
    manifest = verify(recipe)
    if manifest != made.manifest:
        raise BackupError("The archive does not hold what was written into it.")
    prefix = f"{PREFIX}{manifest.database.hex}_"
    scratch = f"{prefix}{recipe.archive.name.removesuffix(SUFFIX)[-8:]}"
    with connected(scene.url) as connection:
        for name in databases_like(connection, prefix):
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        if not account_may_create(connection):
            raise Unrehearsed(
                f"The account {connection.info.user} may not create databases, to try the archive in one."
            )
        demand_space(connection, scene)
        recipe.stop.refuse()
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(scratch)))
        try:
            restore(recipe, manifest, address_of(scene.url, scratch))
        finally:
            # The server may be gone; the next rehearsal drops it then.
            with suppress(BackupError):
                connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(scratch)))


def address_of(url: str, database: str) -> str:
    """Return the address of another database of the server at `url`."""
    parts = connection_parts(url, database)
    return "postgresql://?" + "&".join(f"{name}={quote(value, safe='')}" for name, value in parts.items())


def demand_space(connection: Connection, scene: Scene) -> None:
    """Raise Unrehearsed when a second database would fill the disk of a server on this machine."""
    if not connection_parts(scene.url).get("host", "/").startswith("/"):
        return
    row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    size = int(row[0]) if row else 0
    wanted, free = size + min(size, LOG) + scene.reserve, shutil.disk_usage(scene.data_dir).free
    if free < wanted:
        raise Unrehearsed(
            f"The database's disk has {free // MEGABYTE} MB free and a copy needs {wanted // MEGABYTE} MB."
        )
