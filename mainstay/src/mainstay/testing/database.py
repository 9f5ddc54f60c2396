"""Databases for tests: a migrated template per state of the migrations, cloned for each xdist worker and dropped."""

import hashlib
import importlib.resources
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from importlib.resources.abc import Traversable

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from mainstay import crypto
from mainstay.db import migrate, rights
from mainstay.db.address import libpq_url, of_login, under
from mainstay.work import UnitOfWork

# Any fixed number: whoever holds this advisory lock is making a template.
TEMPLATE_LOCK = 4_096_227_118
# The rights that a template holds go with it into its copies, so they all have the same role.
ROLE = "mainstay_tests_runtime"


@contextmanager
def admin(server: str) -> Iterator[psycopg.Connection]:
    """Connect to the database `server` names, outside transactions, to create and drop others."""
    with psycopg.connect(plain(server), autocommit=True) as connection:
        yield connection


def make_role(server: str) -> None:
    """Make the role that tests share, unless it is there."""
    with admin(server) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        rights.make_role(connection, ROLE, is_taken_on=True)


def template(server: str, packages: Sequence[str]) -> str:
    """Return the name of a database with all migrations of `packages`; it is made when it is not there yet."""
    name = template_name(packages)
    with admin(server) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            # Renamed when finished, so that an interrupted attempt is never taken for a template.
            fresh = f"{name}_new"
            _drop(connection, fresh)
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(fresh)))
            migrate.upgrade(address(server, fresh), packages)
            rights.grant(of_login(address(server, fresh)), address(server, fresh))
            connection.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(fresh), Identifier(name)))
    return name


def template_name(packages: Sequence[str]) -> str:
    """Return the name of the template for the migrations of `packages` as they are now."""
    return f"mainstay_template_{_content_hash(packages)}"


@contextmanager
def clone(server: str, source: str | None = None) -> Iterator[str]:
    """Create a copy of the database `source` (an empty one without) and yield its address; dropped in the end.

    The address names the role that tests share, so that they have the rights of a running program.
    """
    name = f"mainstay_test_{crypto.new_token(9).lower().replace('-', '_')}"
    # Copying files is three times as fast as copying through the log, which nobody reads here.
    copy = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
        Identifier(name), Identifier(source or "template0")
    )
    with admin(server) as connection:
        connection.execute(copy)
    try:
        yield address(server, name)
    finally:
        with admin(server) as connection:
            _drop(connection, name)


@asynccontextmanager
async def as_owner(uow: UnitOfWork) -> AsyncIterator[None]:
    """Inside the block, `uow` has the rights of the tables' owner, for what a running program may not do.

    When the block fails, its transaction ends with it, and with that the rights.
    """
    await uow.write("SET ROLE NONE")
    yield
    await uow.write(f"SET ROLE {ROLE}")


def address(server: str, name: str) -> str:
    """Return the address of the database `name` on the same server as `server`, under the role that tests share."""
    return under(make_url(of_login(server)).set(database=name).render_as_string(hide_password=False), ROLE)


def plain(url: str) -> str:
    """Return the address `url` as psycopg takes it, for the owner of its tables."""
    return libpq_url(of_login(url))


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def _content_hash(packages: Sequence[str]) -> str:
    """Return a digest of every file that takes part in the migrations of `packages`."""
    content = hashlib.sha256()
    for package in packages:
        for name, data in _files(importlib.resources.files(package), package):
            content.update(f"{name}\0{len(data)}\0".encode() + data)
    return content.hexdigest()[:16]


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry, path)
        elif entry.name.endswith((".py", ".sql")):
            yield path, entry.read_bytes()
