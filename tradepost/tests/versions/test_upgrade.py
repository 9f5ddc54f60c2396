"""An upgrade is rehearsed on a copy: what a migration loses is found there, and the shop stays as it was."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from sold import sell
from typer.testing import CliRunner, Result

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.upgrade_cli import UpgradeRefused
from mainstay.db import migrate
from mainstay.db.backup.manifest import Table
from mainstay.db.backup.measuring import measure
from mainstay.db.migrate import VERSION_TABLE
from mainstay.errors import ConfigurationError
from mainstay.testing.database import plain

RUNBOOK = Path(__file__).parents[3] / "docs/runbooks/upgrade.md"
# Other tests rehearse on the same server meanwhile.
OWN_COPY = "SELECT datname FROM pg_database WHERE datname = %s"
Upgrade = Callable[..., Result]
# What a faulty migration does, and what the rehearsal says of it.
FAULTS = {
    "a row": (
        "ALTER TABLE pos_payment DISABLE TRIGGER USER; DELETE FROM pos_payment;",
        ["pos_payment: 1 of 1 rows are gone.", "pos.parts_add_up: it does not hold", "R1-000001"],
    ),
    "a penny": (
        "ALTER TABLE pos_payment DISABLE TRIGGER USER; UPDATE pos_payment SET amount_minor = amount_minor - 1;",
        ["pos.parts_add_up: it does not hold", "R1-000001"],
    ),
    "a penny everywhere": (
        """ALTER TABLE pos_sale DISABLE TRIGGER USER; ALTER TABLE pos_payment DISABLE TRIGGER USER;
        UPDATE pos_payment SET amount_minor = amount_minor - 1;
        UPDATE pos_sale SET cash_minor = cash_minor - 1, change_minor = change_minor - 1;""",
        ["pos.taken: What was sold, taxed and paid, by currency, stays the same.", '"cash": 300', '"cash": 299'],
    ),
    "much": (
        """ALTER TABLE pos_journal DISABLE TRIGGER USER;
        UPDATE pos_journal SET payload = payload || ' ' WHERE sequence = 1;
        UPDATE pos_register SET next_number = 3;
        INSERT INTO stock_movement (store_id, variant_id, kind, quantity, balance, source_kind, source_id, actor_name,
            happened_at)
        VALUES (md5('store')::uuid, md5('variant')::uuid, 'adjustment', 5, 4, 'x', md5('x')::uuid, 'Ann', now());
        DELETE FROM catalog_variant_count;
        UPDATE catalog_variant SET price = price + 1;""",
        [
            *("pos.journal_is_whole: it does not hold", "R1 1", "pos.numbers_follow: it does not hold"),
            *("stock.levels_are_sums: it does not hold", "stock.balances_follow: it does not hold", "stock.moved: "),
            *("catalog.count_fits: it does not hold", "catalog.prices: ", "2.4", "3.4"),
        ],
    ),
    "a table": ("DROP TABLE pos_payment;", ["pos_payment: the table with its 1 rows is gone."]),
}


@pytest.fixture
def upgrade(
    program: Program, fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Upgrade]:
    """A shop with a sale; plants one more migration and returns what runs the command."""
    sell(fresh_database_url)
    monkeypatch.setenv("TRADEPOST_DATABASE_URL", plain(fresh_database_url))
    monkeypatch.setenv("TRADEPOST_DATA_DIR", str(tmp_path))
    versions = tmp_path / "planted_migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "__init__.py").write_text('"""Planted."""\n')
    monkeypatch.delitem(sys.modules, "planted_migrations", raising=False)
    monkeypatch.syspath_prepend(tmp_path)

    def plant(statements: str) -> Upgrade:
        (versions / "p0001.py").write_text(
            f'"""A step."""\nfrom alembic import op\nrevision = "p0001"\ndown_revision = None\n'
            f'branch_labels = ("planted_migrations",)\ndepends_on = None\n'
            f"def upgrade():\n    op.execute({statements!r})\ndef downgrade():\n    pass\n"
        )
        planted = replace(program, migrations=(*program.migrations, "planted_migrations"))

        def run(*arguments: str) -> Result:
            return CliRunner().invoke(create_cli(planted), ["upgrade", *arguments])

        return run

    return plant


def content(url: str) -> list[tuple[object, ...]]:
    """What the faults touch, and how far the database is."""
    with psycopg.connect(plain(url)) as connection:
        found = [
            connection.execute(f"SELECT to_jsonb(t) FROM {table} AS t ORDER BY 1::text".encode()).fetchall()
            for table in ("pos_payment", "pos_sale", "pos_journal", "pos_register", "stock_movement", VERSION_TABLE)
        ]
        copies = connection.execute(OWN_COPY, [copy_of(connection.info.dbname)]).fetchall()
    return [row for rows in found for row in rows] + copies


def copy_of(database: str) -> str:
    """Return what the copy of a database is called that a rehearsal works on."""
    return f"mainstay_upgrade_{hashlib.sha256(database.encode()).hexdigest()[:16]}"


def test_what_a_killed_rehearsal_left_is_dropped_whatever_comes_next(
    upgrade: Callable[[str], Upgrade], fresh_database_url: str
) -> None:
    """It is as large as the database, and holds the same people."""
    with psycopg.connect(plain(fresh_database_url), autocommit=True) as connection:
        left = copy_of(connection.info.dbname)
        connection.execute(f'CREATE DATABASE "{left}"'.encode())

        done = upgrade("SELECT 1")("--without-rehearsal")

        assert done.exit_code == 0, done.output
        assert connection.execute("SELECT FROM pg_database WHERE datname = %s", [left]).fetchone() is None


@pytest.mark.parametrize("fault", FAULTS)
def test_a_migration_that_loses_something_is_found_and_the_shop_stays_as_it_was(
    upgrade: Callable[[str], Upgrade], fresh_database_url: str, fault: str
) -> None:
    statements, said = FAULTS[fault]
    run = upgrade(statements)
    before = content(fresh_database_url)

    result = run()

    assert isinstance(result.exception, UpgradeRefused)
    for words in said:
        assert words in str(result.exception)
    assert content(fresh_database_url) == before


def test_a_rehearsal_tells_time_and_difference_and_changes_nothing(
    upgrade: Callable[[str], Upgrade], fresh_database_url: str
) -> None:
    run = upgrade("CREATE TABLE planted_new AS SELECT generate_series(1, 7)")
    before = content(fresh_database_url)

    result = run("--rehearse")

    assert result.exit_code == 0, result.output
    for words in (
        *("to come: up to p0001", "rehearsal: copied in ", "rehearsal: migrated in ", "planted_new: new → 7 rows"),
        *("pos.parts_add_up: well", "audit.chain_is_whole: well", "The rehearsal went well; nothing was changed."),
    ):
        assert words in result.output
    assert content(fresh_database_url) == before


def test_what_was_rehearsed_well_is_done(upgrade: Callable[[str], Upgrade], fresh_database_url: str) -> None:
    run = upgrade("CREATE TABLE planted_new AS SELECT generate_series(1, 7)")

    result = run()

    assert result.exit_code == 0, result.output
    assert "The schema is current, and what must hold holds." in result.output
    with psycopg.connect(plain(fresh_database_url)) as connection:
        assert connection.execute("SELECT count(*) FROM planted_new").fetchone() == (7,)
    assert "there is nothing to do" in run().output


def test_a_loss_that_is_meant_is_accepted_by_name(upgrade: Callable[[str], Upgrade], fresh_database_url: str) -> None:
    run = upgrade("UPDATE catalog_variant SET price = price + 1")
    assert "repeat the command with --accept catalog.prices." in str(run().exception)

    result = run("--accept", "catalog.prices")

    assert result.exit_code == 0, result.output
    assert "accepted: catalog.prices" in result.output


def test_without_a_rehearsal_what_no_longer_holds_is_told_afterwards(upgrade: Callable[[str], Upgrade]) -> None:
    result = upgrade("UPDATE pos_register SET next_number = 3")("--without-rehearsal")

    assert isinstance(result.exception, ConfigurationError)
    assert "The database was migrated, and now: pos.numbers_follow" in str(result.exception)


def test_a_rehearsal_and_none_exclude_each_other(upgrade: Callable[[str], Upgrade]) -> None:
    result = upgrade("SELECT 1")("--rehearse", "--without-rehearsal")

    assert result.exit_code == 2
    assert "exclude each other" in result.output


def command(heading: str) -> str:
    """Return the one block of commands under a heading of the runbook."""
    (part,) = (part for part in RUNBOOK.read_text().split("\n## ") if part.startswith(f"{heading}\n"))
    (block,) = re.findall(r"^```sh\n(.*?)^```$", part, re.MULTILINE | re.DOTALL)
    return str(block)


def business(url: str) -> dict[str, Table]:
    with psycopg.connect(plain(url)) as connection:
        prefixes = ("public.pos_", "public.stock_", "public.catalog_", "public.shop_", "public.crm_")
        return {table.name: table for table in measure(connection) if table.name.startswith(prefixes)}


@pytest.mark.long
def test_the_runbook_leads_up_and_back_and_up_again_and_nothing_is_lost(
    program: Program, fresh_database_url: str, tmp_path: Path
) -> None:
    """As an operator does it, command by command."""
    sell(fresh_database_url)
    migrate.downgrade(fresh_database_url, program.migrations, "tradepost@t0019")
    before = business(fresh_database_url)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "TRADEPOST_DATABASE_URL": plain(fresh_database_url),
        "TRADEPOST_DATA_DIR": str(tmp_path),
        "REVISION": "tradepost@t0019",
    }

    said = []
    for heading in ("Rehearse", "Upgrade", "Go back", "Upgrade"):
        done = subprocess.run(
            ["sh", "-ec", command(heading)], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said.append(done.stdout)
        now = business(fresh_database_url)
        # What came with later versions is no loss.
        assert {name: now[name] for name in before} == before

    assert "nothing was changed" in said[0]
    assert migrate.pending(fresh_database_url, program.migrations) == []
