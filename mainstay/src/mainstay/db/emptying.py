"""Empties a program's database: what lies in it, who uses it, and the removal of all that its migrations made."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from psycopg import Connection, connect
from psycopg.sql import SQL, Composed, Identifier

from mainstay.db.address import libpq_url, of_login
from mainstay.db.migrate import FOREIGN_PREFIXES, VERSION_TABLE, Scope

# What belongs to an extension stays with it, and what belongs to another account is another's.
_RELATIONS = """
SELECT c.relname, c.relkind::text FROM pg_class AS c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    AND pg_has_role(c.relowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i', 'a'))
ORDER BY c.relkind, c.relname
"""
_ROUTINES = """
SELECT p.oid::regprocedure::text FROM pg_proc AS p
WHERE p.pronamespace = current_schema()::regnamespace AND pg_has_role(p.proowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype IN ('e', 'i'))
ORDER BY 1
"""
_TYPES = """
SELECT t.typname FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid
WHERE t.typnamespace = current_schema()::regnamespace AND pg_has_role(t.typowner, 'USAGE')
    AND (t.typtype IN ('e', 'd') OR c.relkind = 'c')
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = t.oid AND d.deptype IN ('e', 'i'))
ORDER BY 1
"""
_CLIENTS = """
SELECT DISTINCT coalesce(nullif(application_name, ''), usename) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL ORDER BY 1
"""
_KINDS = {"r": "TABLE", "p": "TABLE", "v": "VIEW", "m": "MATERIALIZED VIEW", "S": "SEQUENCE"}


@dataclass(frozen=True, slots=True)
class Contents:
    """What lies in a database: the program's tables, their rows, and the names of tables that are not the program's."""

    tables: int
    rows: int
    others: tuple[str, ...]


def name_of(url: str) -> str:
    """Return the name of the database at `url`."""
    address = urlsplit(url)
    return unquote(address.path.removeprefix("/")) or unquote(address.username or "")


def contents(url: str, scope: Scope) -> Contents:
    """Look at the database at `url` (its owner's address)."""
    with _connected(url) as connection:
        names = [name for name, kind in connection.execute(_RELATIONS).fetchall() if kind in {"r", "p"}]
        own = [name for name in names if _is_own(name, scope)]
        return Contents(len(own), _rows(connection, own), tuple(name for name in names if name not in own))


def clients(url: str) -> list[str]:
    """Return who else is connected to the database at `url`, by the names that they gave themselves."""
    with _connected(url) as connection:
        return [str(name) for (name,) in connection.execute(_CLIENTS).fetchall()]


def empty(url: str) -> None:
    """Remove all tables, views, sequences, routines and types of the owner at `url`, all of them or none.

    Extensions, roles and the schema itself stay, as an administrator may have made them.
    """
    with _connected(url) as connection:
        connection.execute("SET lock_timeout = '5s'")
        for statement in list(_removals(connection)):
            connection.execute(statement)


def _removals(connection: Connection) -> Iterable[Composed]:
    for name, kind in connection.execute(_RELATIONS).fetchall():
        yield SQL("DROP {} IF EXISTS {} CASCADE").format(SQL(_KINDS[kind]), Identifier(name))
    for (signature,) in connection.execute(_ROUTINES).fetchall():
        yield SQL("DROP ROUTINE IF EXISTS {} CASCADE").format(SQL(signature))
    for (name,) in connection.execute(_TYPES).fetchall():
        yield SQL("DROP TYPE IF EXISTS {} CASCADE").format(Identifier(name))


def _is_own(name: str, scope: Scope) -> bool:
    return name == VERSION_TABLE or name in scope.tables or name.startswith((*scope.prefixes, *FOREIGN_PREFIXES))


def _rows(connection: Connection, names: list[str]) -> int:
    counted = (connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(name))) for name in names)
    return sum(row[0] for cursor in counted if (row := cursor.fetchone()))


def _connected(url: str) -> Connection:
    return connect(libpq_url(of_login(url)))
