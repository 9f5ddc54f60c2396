"""Rights: what the running program may do in its database, which is less than the owner of its tables may.

Migrations run as the owner. The program then connects under its runtime role: either it logs in as that role, or it
logs in as the owner and takes the role on with the connection's first packet, which the address says by its parameter
`role`. Both cost a request nothing. Why so: docs/decisions/0014-rights-of-the-running-program.md.
"""

import time
from dataclasses import dataclass

from psycopg import Connection, connect, errors
from psycopg.sql import SQL, Composable, Identifier

from mainstay.db.address import libpq_url, of_login, split, user_of
from mainstay.db.migrate import MIGRATION_LOCK, TURN_PAUSE, VERSION_TABLE
from mainstay.errors import ConfigurationError

_READ = frozenset({"SELECT"})
_APPEND = frozenset({"SELECT", "INSERT"})
_CHANGE = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
_PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
# Lets imports refresh the planner's figures (ANALYZE); the right exists since version 17.
_UPKEEP = "MAINTAIN"
_UPKEEP_SINCE = 170000

# Tables are append-only that `mainstay.db.migrate.append_only` made so: its triggers are the declaration.
_RELATIONS = """
SELECT c.relname, c.relkind::text, EXISTS (
    SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE t.tgrelid = c.oid AND p.proname = 'mainstay_refuse_change'
), ARRAY(
    SELECT name FROM unnest(%(privileges)s::text[]) AS name WHERE has_table_privilege(%(role)s, c.oid, name)
)
FROM pg_class AS c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    AND pg_has_role(c.relowner, 'USAGE')
ORDER BY c.relname
"""
_SEQUENCES = """
SELECT relname FROM pg_class AS c
WHERE relnamespace = current_schema()::regnamespace AND pg_has_role(relowner, 'USAGE')
    AND CASE relkind WHEN 'S' THEN NOT has_sequence_privilege(%(role)s, c.oid, 'USAGE') ELSE false END
"""
_FUNCTIONS = """
SELECT oid::regprocedure::text FROM pg_proc AS p
WHERE pronamespace = current_schema()::regnamespace AND pg_has_role(proowner, 'USAGE')
    AND NOT has_function_privilege(%(role)s, p.oid, 'EXECUTE')
"""
_MAY_CHANGE = """
SELECT c.relname FROM pg_class AS c
WHERE c.relnamespace = current_schema()::regnamespace AND EXISTS (
    SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE t.tgrelid = c.oid AND p.proname = 'mainstay_refuse_change'
) AND (has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER') OR has_any_column_privilege(c.oid, 'UPDATE'))
ORDER BY c.relname LIMIT 1
"""


@dataclass(frozen=True)
class Relation:
    """A table or a view: what the role may do with it, and what it is to be allowed."""

    name: str
    held: frozenset[str]
    wanted: frozenset[str]


def grant(owner_url: str, url: str) -> None:
    """Give the role under which the program connects to `url` its rights on what is there now, and take all others.

    The role is made when it is not there. Raises ConfigurationError when the owner may not do that.
    """
    login, taken = split(url)
    role = taken or user_of(login) or ""
    if role == user_of(owner_url):
        raise ConfigurationError(f"The program must run under another role of the database than their owner, {role}.")
    with connect(libpq_url(of_login(owner_url))) as connection:
        # Asked again and again: who waits in a statement is waited for by a migration that adds an index.
        while connection.execute("SELECT pg_try_advisory_xact_lock(%s)", [MIGRATION_LOCK]).fetchone() != (True,):
            time.sleep(TURN_PAUSE)
        try:
            make_role(connection, role, is_taken_on=taken is not None)
            _grant_all(connection, role)
        except errors.InsufficientPrivilege as failure:
            owner = connection.info.user
            raise ConfigurationError(
                f"The account {owner} may not set up the role {role}, under which the program is to run; have an "
                f'administrator run CREATE ROLE "{role}"; GRANT "{role}" TO "{owner}"; '
                "or give the program an account of its own (see DATABASE_OWNER_URL)."
            ) from failure


def are_missing(url: str) -> bool:
    """Say whether there are tables at `url` and nobody has given who connects there any rights yet."""
    with connect(libpq_url(url)) as connection:
        row = connection.execute("SELECT has_table_privilege(to_regclass(%s), 'SELECT')", [VERSION_TABLE]).fetchone()
    return row == (False,)


def check(url: str) -> None:
    """Raise ConfigurationError when who connects to `url` may change what is only ever appended to (rule 16)."""
    with connect(libpq_url(url)) as connection:
        row = connection.execute(f"SELECT current_user, ({_MAY_CHANGE})").fetchone()
    if row is not None and row[1] is not None:
        raise ConfigurationError(
            f"The database lets {row[0]} change the table {row[1]}, which is only to be appended to; the program must "
            "run under a role with fewer rights (is there a pooler that drops the connection's parameter “role”?)."
        )


def make_role(connection: Connection, role: str, *, is_taken_on: bool) -> None:
    """Make the role when it is not there, and let whoever is connected take it on when that is how it is used."""
    name = Identifier(role)
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
        kind = SQL("NOLOGIN") if is_taken_on else SQL("LOGIN")
        connection.execute(SQL("CREATE ROLE {} {}").format(name, kind))
    if is_taken_on:
        # Since version 16, who made a role is its member without being able to take it on.
        membership = "SET" if connection.info.server_version >= 160000 else "MEMBER"
        found = connection.execute("SELECT pg_has_role(%s, %s)", [role, membership]).fetchone()
        if found != (True,):
            connection.execute(SQL("GRANT {} TO CURRENT_USER").format(name))


def _grant_all(connection: Connection, role: str) -> None:
    name = Identifier(role)
    connection.execute(SQL("GRANT USAGE ON SCHEMA {} TO {}").format(_schema(connection), name))
    for relation in _relations(connection, role):
        table = Identifier(relation.name)
        if missing := relation.wanted - relation.held:
            connection.execute(SQL("GRANT {} ON {} TO {}").format(_listed(missing), table, name))
        if excess := relation.held - relation.wanted:
            connection.execute(SQL("REVOKE {} ON {} FROM {}").format(_listed(excess), table, name))
    for (sequence,) in connection.execute(_SEQUENCES, {"role": role}).fetchall():
        connection.execute(SQL("GRANT USAGE ON SEQUENCE {} TO {}").format(Identifier(sequence), name))
    for (function,) in connection.execute(_FUNCTIONS, {"role": role}).fetchall():
        connection.execute(SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(SQL(function), name))


def _schema(connection: Connection) -> Identifier:
    row = connection.execute("SELECT current_schema()").fetchone()
    return Identifier(str(row[0]) if row else "public")


def _relations(connection: Connection, role: str) -> list[Relation]:
    has_upkeep = connection.info.server_version >= _UPKEEP_SINCE
    privileges = [*_PRIVILEGES, _UPKEEP] if has_upkeep else [*_PRIVILEGES]
    change = _CHANGE | {_UPKEEP} if has_upkeep else _CHANGE
    rows = connection.execute(_RELATIONS, {"privileges": privileges, "role": role}).fetchall()
    found = []
    for name, kind, is_append_only, held in rows:
        is_read_only = name == VERSION_TABLE or kind in {"v", "m"}
        wanted = _READ if is_read_only else _APPEND if is_append_only else change
        found.append(Relation(name, frozenset(held), wanted))
    return found


def _listed(privileges: frozenset[str]) -> Composable:
    return SQL(", ").join(SQL(each) for each in sorted(privileges))
