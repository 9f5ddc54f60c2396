"""What a database would lose on its way back to an older version: rows of tables and columns that go."""

import re
from collections.abc import Iterator, Sequence

import psycopg
from psycopg.sql import SQL, Identifier

from mainstay.db import migrate
from mainstay.db.address import libpq_url, of_login

_TABLE = re.compile(r"^DROP TABLE (?:IF EXISTS )?(\w+)", re.MULTILINE)
_COLUMN = re.compile(r"^ALTER TABLE (\w+) DROP COLUMN (?:IF EXISTS )?(\w+)", re.MULTILINE)
# What is computed from others is no loss: generated columns, and those whose comment says that they are derived. What
# is at its default says nothing.
_DEFAULT = """
SELECT coalesce(pg_get_expr(def.adbin, def.adrelid), 'NULL')
FROM pg_attribute AS attribute
LEFT JOIN pg_attrdef AS def ON def.adrelid = attribute.attrelid AND def.adnum = attribute.attnum
WHERE attribute.attrelid = to_regclass(%s) AND attribute.attname = %s AND attribute.attgenerated = ''
    AND coalesce(col_description(attribute.attrelid, attribute.attnum), '') NOT LIKE 'derived from %%'
"""


def losses(url: str, packages: Sequence[str], revision: str) -> dict[str, int]:
    """Return how many rows tables and columns have that go when the database at `url` is taken back to `revision`.

    By name: `pos_refund`, or `crm_contact.owner_id`, without the columns of tables that go as a whole.
    """
    way = migrate.way_back(url, packages, revision)
    with psycopg.connect(libpq_url(of_login(url))) as connection:
        found = {name: rows for name, rows in _rows(connection, way) if rows}
    return dict(sorted(found.items()))


def _rows(connection: psycopg.Connection, way: str) -> Iterator[tuple[str, int]]:
    tables = set(_TABLE.findall(way))
    for table in tables:
        if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,):
            yield table, _count(connection, SQL("SELECT count(*) FROM {}").format(Identifier(table)))
    for table, column in set(_COLUMN.findall(way)):
        default = connection.execute(_DEFAULT, [table, column]).fetchone()
        if table not in tables and default is not None:
            names = (Identifier(table), Identifier(column), SQL(default[0]))
            query = SQL("SELECT count(*) FROM {} WHERE {} IS DISTINCT FROM {}").format(*names)
            yield f"{table}.{column}", _count(connection, query)


def _count(connection: psycopg.Connection, query: psycopg.sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
