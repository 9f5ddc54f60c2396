"""What the running product may do with what it has written: nothing, by the database's own rights."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from shopfloor import line_in, sale_in, sell
from shopfloor.busy import BusyShop

from mainstay.db.address import libpq_url
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.database import plain
from mainstay.testing.process import ProgramProcess

ROLE = "tradepost_runtime"
COLUMNS = {
    "pos_sale": "total_minor",
    "pos_sale_line": "quantity",
    "pos_sale_tax": "rate",
    "pos_payment": "amount_minor",
    "pos_journal": "payload",
    "stock_movement": "quantity",
    "mainstay_event": "payload",
    "audit_entry": "act",
    "audit_private": "content",
    "audit_link": "hash",
    "audit_checkpoint": "removed",
}
ACTS = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP TRIGGER {table}_append_only ON {table}",
    "DROP TABLE {table} CASCADE",
)
TRIGGERS = """
SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass) FROM pg_trigger
WHERE tgfoid = 'mainstay_refuse_change'::regproc
"""


@pytest.fixture
def as_program(program_process: ProgramProcess) -> Iterator[psycopg.Connection]:
    """A connection under the name of the running program."""
    server = EmbeddedPostgres(program_process.data_dir, database=program_process.package)
    with psycopg.connect(libpq_url(server.dsn_of(ROLE)), autocommit=True) as connection:
        yield connection


@pytest.mark.journey
def test_all_of_its_processes_log_in_under_the_lesser_name(program_process: ProgramProcess) -> None:
    """Rule 16: and not under the owner's, so that nothing said on their connections leads to its rights."""
    names = program_process.ask(
        "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND (application_name LIKE 'tradepost-%%' OR application_name = 'mainstay-worker') AND %s",
        True,
    )

    assert names == [(ROLE,)]


@pytest.mark.journey
@pytest.mark.parametrize("act", ACTS)
async def test_what_was_sold_cannot_be_changed_or_removed(
    busy_shop: BusyShop, as_program: psycopg.Connection, act: str
) -> None:
    """Rule 16: refused by rights (SQLSTATE 42501), before any trigger is asked."""
    till = await busy_shop.till()
    product = await busy_shop.product(till, stock="5")
    await sell(busy_shop.owner, sale_in(till, [line_in(product)], 249))

    for table, column in COLUMNS.items():
        with pytest.raises(InsufficientPrivilege):
            as_program.execute(act.format(table=table, column=column).encode())
    with pytest.raises(InsufficientPrivilege):
        as_program.execute("SET ROLE owner")


@pytest.mark.parametrize("act", ACTS[:3])
def test_rights_hold_without_the_triggers(fresh_database_url: str, act: str) -> None:
    """Rules 10, 16 and 40: the two guards stand alone; the owner of the tables alone gets past this one."""
    with psycopg.connect(plain(fresh_database_url)) as owner:
        for (drop,) in owner.execute(TRIGGERS.encode()).fetchall():
            owner.execute(drop.encode())

    for table, column in COLUMNS.items():
        statement = act.format(table=table, column=column).encode()
        with psycopg.connect(libpq_url(fresh_database_url)) as program, pytest.raises(InsufficientPrivilege):
            program.execute(statement)
        with psycopg.connect(plain(fresh_database_url)) as owner:
            owner.execute(statement)
            owner.rollback()


def test_functions_that_lend_the_rights_of_the_owner_are_on_this_list(fresh_database_url: str) -> None:
    with psycopg.connect(plain(fresh_database_url)) as owner:
        lending = owner.execute(
            "SELECT proname, pronargs, proconfig IS NOT NULL FROM pg_proc "
            "WHERE prosecdef AND pronamespace = current_schema()::regnamespace ORDER BY proname"
        ).fetchall()

    # Those of the audit trail remove, under conditions of their own, and see no table of the caller's.
    assert lending[:2] == [("audit_erase", 2, True), ("audit_expire", 1, True)]
    # Those of the event log delete what is older than the settings keep it, and number a log anew that came from a
    # backup: neither changes what an event says.
    assert lending[3:] == [("mainstay_forget_events", 3, True), ("webhooks_renumber", 0, True)]
    assert [name for name, *_ in lending[2:3]] == ["catalog_merge_search"]
