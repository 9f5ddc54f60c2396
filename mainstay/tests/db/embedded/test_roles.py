"""The roles of the embedded server: the owner makes others, and others have addresses of their own."""

from pathlib import Path

import psycopg

from mainstay.db.embedded import EmbeddedPostgres

OWNER = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolcanlogin FROM pg_roles WHERE rolname = 'owner'"


def superuser(server: EmbeddedPostgres) -> psycopg.Connection:
    return psycopg.connect(server.conninfo(role="postgres"), autocommit=True)


def test_an_owner_that_an_earlier_version_made_may_make_roles_from_the_next_start_on(server: EmbeddedPostgres) -> None:
    server.start()
    with superuser(server) as connection:
        assert connection.execute(OWNER).fetchone() == (False, True, True, True)
        connection.execute("ALTER ROLE owner NOCREATEROLE")
    server.stop()

    server.start()

    with superuser(server) as connection:
        assert connection.execute(OWNER).fetchone() == (False, True, True, True)


def test_each_role_has_an_address_of_its_own(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data", database="shop")

    assert server.dsn == server.dsn_of("owner")
    assert server.dsn_of("shop_runtime") == server.dsn.replace("//owner@", "//shop_runtime@")
