"""What the way back to an older version would lose."""

import psycopg
import pytest

from mainstay.db import migrate
from mainstay.db.losing import losses
from mainstay.testing.database import plain

PACKAGES = ("mainstay.migrations",)
PERSON = """
INSERT INTO identity_person (id, email, email_key, name, role, password_hash, place_ids)
VALUES (gen_random_uuid(), 'a', 'a', 'Ada', 'owner', '', {places})
"""


@pytest.fixture
def url(empty_database_url: str) -> str:
    """A database of today."""
    migrate.upgrade(empty_database_url, PACKAGES)
    return empty_database_url


def run(url: str, sql: str) -> None:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(sql.encode())


def test_rows_of_tables_that_go_are_lost_and_those_that_stay_are_not(url: str) -> None:
    run(url, PERSON.format(places="DEFAULT"))
    assert losses(url, PACKAGES, "mainstay@m0028") == {}

    run(url, "INSERT INTO mainstay_former (kind, object_id, version, facts) VALUES ('a', gen_random_uuid(), 1, '{}')")

    assert losses(url, PACKAGES, "mainstay@m0028") == {"mainstay_former": 1}
    assert losses(url, PACKAGES, "mainstay@-1") == {}
    migrate.downgrade(url, PACKAGES, "mainstay@m0029")
    assert losses(url, PACKAGES, "mainstay@-1") == {"mainstay_former": 1}


def test_what_stands_in_a_column_that_goes_is_lost_unless_it_is_what_everybody_has(url: str) -> None:
    run(url, PERSON.format(places="DEFAULT"))
    assert "identity_person.place_ids" not in losses(url, PACKAGES, "mainstay@m0011")

    run(
        url,
        PERSON.format(places="ARRAY[gen_random_uuid()]").replace(
            "'a', 'a', 'Ada', 'owner'", "'b', 'b', 'Bob', 'cashier'"
        ),
    )

    assert losses(url, PACKAGES, "mainstay@m0011")["identity_person.place_ids"] == 1
    # As if it were found from another table.
    run(url, "COMMENT ON COLUMN identity_person.place_ids IS 'derived from identity_station'")
    assert "identity_person.place_ids" not in losses(url, PACKAGES, "mainstay@m0011")


def test_all_the_way_back_every_row_is_lost(url: str) -> None:
    run(url, PERSON.format(places="DEFAULT"))

    assert losses(url, PACKAGES, "mainstay@base")["identity_person"] == 1
