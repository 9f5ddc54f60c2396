"""Measuring a database: the rows of every table and a digest of their content in which their order does not count."""

from collections.abc import Collection

from psycopg import Connection
from psycopg.sql import SQL, Identifier

from mainstay.db.backup.manifest import Table

# How values look as text must not depend on the settings of server, database or account.
_FORMS = (
    *("SET LOCAL timezone = 'UTC'", "SET LOCAL datestyle = 'ISO, YMD'", "SET LOCAL intervalstyle = 'postgres'"),
    *("SET LOCAL extra_float_digits = 1", "SET LOCAL bytea_output = 'hex'", "SET LOCAL statement_timeout = 0"),
    "SET LOCAL lc_monetary = 'C'",
)
_TABLES = """
SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND NOT EXISTS (
    SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'
)
ORDER BY 1, 2
"""
# What may be there beside tables: views, sequences, functions, types. No extension's, and no array or row type.
_ANYTHING = """
SELECT EXISTS (
    SELECT FROM (
        SELECT 'pg_class'::regclass AS kind, oid, relnamespace AS space FROM pg_class
        UNION ALL SELECT 'pg_proc'::regclass, oid, pronamespace FROM pg_proc
        UNION ALL SELECT 'pg_type'::regclass, oid, typnamespace FROM pg_type WHERE typtype IN ('d', 'e')
    ) AS thing JOIN pg_namespace AS n ON n.oid = thing.space
    WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND NOT EXISTS (
        SELECT FROM pg_depend AS d WHERE d.classid = thing.kind AND d.objid = thing.oid AND d.deptype = 'e'
    )
)
"""
# The digests of rows are added up as numbers of 64 bits, four for each: sums do not ask for an order.
_DIGEST = """
SELECT count(*), encode(sha256(convert_to(concat_ws('/',
    sum(('x' || substr(h, 1, 16))::bit(64)::bigint), sum(('x' || substr(h, 17, 16))::bit(64)::bigint),
    sum(('x' || substr(h, 33, 16))::bit(64)::bigint), sum(('x' || substr(h, 49, 16))::bit(64)::bigint)
), 'UTF8')), 'hex')
FROM (SELECT encode(sha256(convert_to("the row"::text, 'UTF8')), 'hex') AS h FROM {table} AS "the row") AS digests
"""


def tables_of(connection: Connection) -> list[tuple[str, str]]:
    """Return schema and name of every table that is not the server's or an extension's."""
    return [(str(schema), str(name)) for schema, name in connection.execute(_TABLES).fetchall()]


def is_empty(connection: Connection) -> bool:
    """Whether there is nothing in the database but what server and extensions brought."""
    return connection.execute(_ANYTHING).fetchone() == (False,)


def measure(connection: Connection, left_out: Collection[str] = ()) -> tuple[Table, ...]:
    """Return what is in every table but those `left_out`, inside the transaction that is open."""
    for form in _FORMS:
        connection.execute(form.encode())
    found = []
    for schema, name in tables_of(connection):
        if name not in left_out:
            row = connection.execute(SQL(_DIGEST).format(table=Identifier(schema, name))).fetchone()
            assert row is not None  # noqa: S101  an aggregate is always one row
            found.append(Table(f"{schema}.{name}", int(row[0]), str(row[1])))
    return tuple(found)


def count(connection: Connection) -> dict[str, int]:
    """Return how many rows every table has, inside the transaction that is open."""
    connection.execute("SET LOCAL statement_timeout = 0")
    found = {}
    for schema, name in tables_of(connection):
        row = connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(schema, name))).fetchone()
        assert row is not None  # noqa: S101  an aggregate is always one row
        found[f"{schema}.{name}"] = int(row[0])
    return found
