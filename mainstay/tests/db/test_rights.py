"""The running program may do less than the owner of its tables, by the database's own rights."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import make_url

from mainstay.bootstrap.program import Program
from mainstay.db import migrate, rights
from mainstay.db.address import libpq_url, of_login, split, with_role
from mainstay.errors import ConfigurationError
from mainstay.testing.database import ROLE, admin, plain

EVENT = """
INSERT INTO mainstay_event (id, name, payload, request_id, happened_at)
VALUES (gen_random_uuid(), 'x.y', '{}', '-', now())
"""


def refused(url: str, statement: str) -> bool:
    """Say whether the database refuses a statement for want of rights (SQLSTATE 42501)."""
    with psycopg.connect(libpq_url(url)) as connection:
        try:
            connection.execute(statement.encode())
        except InsufficientPrivilege:
            return True
        finally:
            connection.rollback()
    return False


def as_superuser(url: str) -> str:
    return plain(make_url(url).set(username="postgres").render_as_string(hide_password=False))


@contextmanager
def account(server: str, name: str, options: str) -> Iterator[str]:
    """Make a login on the server inside the block, and yield its address of the server."""
    with psycopg.connect(as_superuser(server), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN {options}".encode())
        try:
            yield make_url(of_login(server)).set(username=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP OWNED BY {name}".encode())
            connection.execute(f"DROP ROLE {name}".encode())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mainstay_event SET name = 'x'",
        "DELETE FROM mainstay_event",
        "TRUNCATE mainstay_event",
        "DROP TABLE mainstay_event",
        "ALTER TABLE mainstay_event DISABLE TRIGGER mainstay_event_append_only",
        "DROP TRIGGER mainstay_event_append_only ON mainstay_event",
        "CREATE TRIGGER mine BEFORE INSERT ON mainstay_event FOR EACH ROW EXECUTE FUNCTION mainstay_refuse_change()",
        "CREATE RULE mine AS ON INSERT TO mainstay_event DO INSTEAD NOTHING",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id integer)",
        "DROP TABLE sample_note",
        "TRUNCATE sample_note",
        "UPDATE mainstay_migration SET version_num = 'x'",
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "CREATE EXTENSION hstore",
        "ALTER ROLE mainstay_tests_runtime CREATEROLE",
    ],
)
def test_the_program_may_not(fresh_database_url: str, statement: str) -> None:
    assert refused(fresh_database_url, statement)


@pytest.mark.parametrize(
    "statement",
    [
        EVENT,
        "SELECT count(*) FROM mainstay_event",
        "INSERT INTO sample_note (id, text) VALUES (gen_random_uuid(), 'x')",
        "UPDATE sample_note SET text = 'x'",
        "DELETE FROM sample_note",
        "ANALYZE sample_note",
        "SELECT mainstay_publish('[]')",
        "SELECT version_num FROM mainstay_migration",
        "SELECT nextval('procrastinate_jobs_id_seq')",
    ],
)
def test_the_program_may(fresh_database_url: str, statement: str) -> None:
    assert not refused(fresh_database_url, statement)


def test_rights_hold_when_the_trigger_is_gone(fresh_database_url: str) -> None:
    """Shown red: the owner then changes what nobody may change, and the program still may not."""
    with psycopg.connect(plain(fresh_database_url)) as owner:
        owner.execute("DROP TRIGGER mainstay_event_append_only ON mainstay_event")

    assert refused(fresh_database_url, "DELETE FROM mainstay_event")
    assert not refused(of_login(fresh_database_url), "DELETE FROM mainstay_event")


def test_a_role_that_was_taken_on_survives_a_reset_but_can_be_laid_down(fresh_database_url: str) -> None:
    """Why the embedded database has the program log in under its own name, and others should: see the decision."""
    with psycopg.connect(libpq_url(fresh_database_url)) as connection:
        connection.execute("RESET ROLE")
        assert connection.execute("SELECT current_user").fetchone() == (ROLE,)

        connection.execute("SET ROLE NONE")
        assert connection.execute("SELECT current_user = session_user").fetchone() == (True,)


def test_rights_that_were_given_besides_are_taken_back(fresh_database_url: str) -> None:
    with psycopg.connect(plain(fresh_database_url)) as owner:
        owner.execute(f"GRANT DELETE, TRUNCATE ON mainstay_event, sample_note TO {ROLE}".encode())
    assert not refused(fresh_database_url, "TRUNCATE sample_note")

    rights.grant(of_login(fresh_database_url), fresh_database_url)

    assert refused(fresh_database_url, "TRUNCATE sample_note")
    rights.check(fresh_database_url)


def test_a_new_table_has_its_rights_after_the_next_migration(fresh_database_url: str) -> None:
    with psycopg.connect(plain(fresh_database_url)) as owner:
        owner.execute("CREATE TABLE sample_later (id serial)")
    assert refused(fresh_database_url, "SELECT FROM sample_later")

    rights.grant(of_login(fresh_database_url), fresh_database_url)

    assert not refused(fresh_database_url, "INSERT INTO sample_later DEFAULT VALUES")


def test_a_program_with_too_many_rights_does_not_start(fresh_database_url: str) -> None:
    rights.check(fresh_database_url)

    with pytest.raises(ConfigurationError, match=r"^The database lets owner change the table audit_checkpoint"):
        rights.check(of_login(fresh_database_url))


def test_a_right_on_a_single_column_is_found_too(fresh_database_url: str) -> None:
    with psycopg.connect(plain(fresh_database_url)) as owner:
        owner.execute(f"GRANT UPDATE (name) ON mainstay_event TO {ROLE}".encode())

    with pytest.raises(ConfigurationError, match=r"change the table mainstay_event"):
        rights.check(fresh_database_url)


def test_the_owner_itself_is_no_role_for_the_program(fresh_database_url: str) -> None:
    address = of_login(fresh_database_url)

    with pytest.raises(ConfigurationError, match=r"^The program must run under another role"):
        rights.grant(address, address)


def test_each_database_has_a_role_of_its_own(program: Program, database_server: str, empty_database_url: str) -> None:
    """An account that may make roles: the role is made, taken on, and useless in other databases."""
    url = with_role(of_login(empty_database_url))
    _, role = split(url)
    assert role == f"{make_url(url).database}_runtime"
    migrate.upgrade(url, program.migrations)
    try:
        rights.grant(of_login(url), url)

        assert not refused(url, "INSERT INTO sample_note (id, text) VALUES (gen_random_uuid(), 'x')")
        assert refused(url, "DELETE FROM mainstay_event")
        rights.grant(of_login(url), url)
    finally:
        with psycopg.connect(plain(url)) as owner:
            owner.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
            owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_an_account_that_may_not_make_roles_is_told_what_an_administrator_must_do(
    program: Program, database_server: str
) -> None:
    with account(database_server, "tenant", "CREATEDB") as server, admin(server) as tenant:
        tenant.execute("CREATE DATABASE tenant_shop")
        try:
            url = make_url(server).set(database="tenant_shop").render_as_string(hide_password=False)
            migrate.upgrade(url, program.migrations)
            sentence = r'^The account tenant may not .* CREATE ROLE "tenant_shop_runtime"; GRANT .* TO "tenant"; or '
            with pytest.raises(ConfigurationError, match=sentence):
                rights.grant(url, with_role(url))
        finally:
            tenant.execute("DROP DATABASE tenant_shop WITH (FORCE)")


def test_a_program_with_a_login_of_its_own_cannot_become_the_owner(
    program: Program, database_server: str, fresh_database_url: str
) -> None:
    """The strong form: nothing that is said on its connections leads to the owner's rights."""
    with account(database_server, "clerk", ""):
        url = make_url(of_login(fresh_database_url)).set(username="clerk").render_as_string(hide_password=False)
        assert rights.are_missing(url)

        rights.grant(of_login(fresh_database_url), url)
        rights.check(url)

        assert not rights.are_missing(url)
        assert not refused(url, EVENT)
        for statement in ("SET ROLE owner", "SET SESSION AUTHORIZATION owner", "DELETE FROM mainstay_event"):
            assert refused(url, statement)
        with psycopg.connect(as_superuser(fresh_database_url)) as superuser:
            superuser.execute("DROP OWNED BY clerk")
