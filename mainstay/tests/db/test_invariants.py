"""Invariants and figures: what is wrong is named, what is another is told, and what cannot be asked is none of both."""

import psycopg
import pytest

from mainstay.db.invariants import NAMED, Figure, Invariant, altered, ask_all, broken
from mainstay.testing.database import plain

NONE_BIG = Invariant("t.none_big", "No number is above two.", "SELECT n FROM t WHERE n > 2 ORDER BY n")
SUM = Figure("t.sum", "The sum stays.", "SELECT sum(n) FROM t")
GONE = Figure("t.gone", "It stays.", "SELECT sum(no_such) FROM t")
CHECKS = (NONE_BIG, SUM, GONE)


@pytest.mark.parametrize(("most", "said"), [(2, {}), (9, {"t.none_big": "7, among them 3, 4, 5, 6, 7"})])
def test_what_breaks_an_invariant_is_counted_and_named(
    empty_database_url: str, most: int, said: dict[str, str]
) -> None:
    with psycopg.connect(plain(empty_database_url)) as connection:
        connection.execute("CREATE TABLE t AS SELECT generate_series(1, %s) AS n", [most])
        answers = ask_all(connection, CHECKS)

    assert NAMED == 5
    assert answers["t.gone"] is None
    assert broken(CHECKS, answers) == {
        name: f"{name}: it does not hold that no number is above two: {words}." for name, words in said.items()
    }


def test_a_figure_that_is_another_than_before_is_told(empty_database_url: str) -> None:
    with psycopg.connect(plain(empty_database_url)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS n")
        before = ask_all(connection, CHECKS)
        assert altered(CHECKS, before, before) == {}
        connection.execute("UPDATE t SET n = 2")
        connection.execute("ALTER TABLE t ADD no_such int")

        assert altered(CHECKS, before, ask_all(connection, CHECKS)) == {
            "t.sum": "t.sum: The sum stays. It was 1 and is 2."
        }
