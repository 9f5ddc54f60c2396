"""Measuring tells whether two databases hold the same, whatever the order of rows and the settings of the server."""

import psycopg

from mainstay.db.backup.manifest import Table
from mainstay.db.backup.measuring import measure, tables_of

FILL = """
CREATE TABLE thing (at timestamptz, part interval, amount float8, content bytea, day date);
INSERT INTO thing
SELECT '2026-01-01Z'::timestamptz + n * interval '1 hour', n * interval '1 day', n / 3.0, '\\x00', '2026-01-02'
FROM generate_series(1, 100) AS n
"""


def measured(url: str, *before: str) -> dict[str, Table]:
    """Run statements, measure, and undo them."""
    with psycopg.connect(url) as connection:
        for statement in before:
            connection.execute(statement.encode())
        found = {table.name: table for table in measure(connection)}
        connection.rollback()
        return found


def test_order_and_settings_do_not_count(url: str) -> None:
    first = measured(url, FILL)["public.thing"]

    ways = [
        "SET timezone = 'Asia/Tokyo'",
        "SET datestyle = 'German'",
        "SET bytea_output = 'escape'",
        "SET extra_float_digits = 0",
    ]
    shuffle = "CREATE TABLE other AS SELECT * FROM thing ORDER BY amount DESC"
    second = measured(url, *ways, FILL, shuffle)

    assert first.rows == 100
    assert (second["public.thing"].digest, second["public.other"].digest) == (first.digest, first.digest)


def test_one_other_value_and_one_row_twice_count(url: str) -> None:
    first = measured(url, FILL)["public.thing"]

    other = measured(url, FILL, "UPDATE thing SET amount = amount + 1 WHERE amount < 0.4")["public.thing"]
    twice = measured(url, FILL, "INSERT INTO thing SELECT * FROM thing LIMIT 1")["public.thing"]
    null = measured(url, FILL, "UPDATE thing SET day = NULL WHERE amount < 0.4")["public.thing"]

    assert len({first.digest, other.digest, twice.digest, null.digest}) == 4
    assert twice.rows == 101


def test_every_table_but_those_left_out_is_measured(url: str) -> None:
    with psycopg.connect(url) as connection:
        names = {name for _, name in tables_of(connection)}
        found = {table.name for table in measure(connection, ["sample_note"])}

    assert {"sample_note", "procrastinate_jobs", "mainstay_event", "mainstay_migration"} <= names
    assert found == {f"public.{name}" for name in names - {"sample_note"}}
