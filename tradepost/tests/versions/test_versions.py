"""The product's migrations, run as an operator runs them: from nothing, from older versions with data, down and up."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import cast
from uuid import UUID

import psycopg
import pytest
from old_data import OLD_DATA
from sold import sell
from typer.testing import CliRunner

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program
from mainstay.db import migrate
from mainstay.errors import ConfigurationError
from mainstay.testing import database
from mainstay.testing.database import plain

# Contacts and a picture from before they had owners: entered by a person, by a key, by a job.
BEFORE_OWNERS = """
    INSERT INTO identity_person (id, email, email_key, name, role, password_hash)
    VALUES ('01926e6a-0000-7000-8000-000000000002', 'Zoe@Shop.example', 'zoe@shop.example', 'Zoë', 'owner', 'x');
    INSERT INTO crm_contact (id, kind, name, source, name_key, search, alike) VALUES
        ('01926e6a-0000-7000-8000-000000000021', 'person', 'By hand', 'manual', 'by hand', '', ''),
        ('01926e6a-0000-7000-8000-000000000022', 'person', 'By a key', 'manual', 'by a key', '', ''),
        ('01926e6a-0000-7000-8000-000000000023', 'person', 'From a file', 'csv', 'from a file', '', '');
    INSERT INTO crm_timeline (contact_id, version, what, actor_id, actor_name) VALUES
        ('01926e6a-0000-7000-8000-000000000021', 1, 'created', '01926e6a-0000-7000-8000-000000000002', 'Zoë'),
        ('01926e6a-0000-7000-8000-000000000022', 1, 'created', '01926e6a-0000-7000-8000-000000000099', 'Key'),
        ('01926e6a-0000-7000-8000-000000000023', 1, 'imported', NULL, 'system');
    INSERT INTO crm_card_batch (id, actor_id, actor_name)
    VALUES ('01926e6a-0000-7000-8000-000000000024', '01926e6a-0000-7000-8000-000000000002', 'Zoë');
    INSERT INTO crm_card_photo (id, batch_id, filename, sha256, size_bytes, media_type, width, height, content)
    VALUES ('01926e6a-0000-7000-8000-000000000025', '01926e6a-0000-7000-8000-000000000024', 'a.png', sha256('a'), 1,
        'image/png', 1, 1, 'a');
"""
REACHED_BY = """
    INSERT INTO crm_phone (contact_id, position, kind, written) VALUES
        ('01926e6a-0000-7000-8000-000000000021', 0, 'work', '1'),
        ('01926e6a-0000-7000-8000-000000000021', 1, 'work', '2');
    INSERT INTO crm_email (contact_id, position, kind, address, address_key) VALUES
        ('01926e6a-0000-7000-8000-000000000022', 0, 'work', 'a@b', 'a@b');
"""
HAS = "SELECT name, has_phone, has_email FROM crm_contact ORDER BY name"
# What is Mainstay's and stays when the product's own tables go.
CORE = (
    *("audit_", "backup_", "files_", "flags_", "identity_", "mail_", "mainstay_"),
    *("notifications_", "operations_", "procrastinate_", "webhooks_"),
)
TABLES = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'mainstay_migration'"
# Everything that keeps rows in order, as the database itself tells it.
RULES = """
SELECT conrelid::regclass::text, conname::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tablename::text, indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
ORDER BY 1, 2, 3
"""


def command(program: Program, url: str, *arguments: str) -> str:
    """Run a command of `db` for a program whose database is at `url` and return what it prints."""
    done = CliRunner().invoke(create_cli(program), ["db", *arguments], env={"TRADEPOST_DATABASE_URL": url})
    assert done.exit_code == 0, done.output
    return done.output


def run(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


Rows = list[dict[str, object]]


def rows(url: str) -> dict[str, Rows]:
    """Return every table with the content of all its rows."""
    content = "SELECT to_jsonb(rows) FROM {} AS rows ORDER BY rows::text"
    with psycopg.connect(plain(url), autocommit=True) as connection:
        names = sorted(str(row[0]) for row in connection.execute(TABLES).fetchall())
        found = {name: connection.execute(content.format(name).encode()).fetchall() for name in names}
    return {name: [cast(dict[str, object], row[0]) for row in kept] for name, kept in found.items()}


def lost(before: dict[str, Rows], after: dict[str, Rows]) -> list[dict[str, object]]:
    """Return the rows that did not stay as they were; columns and rows that came later are no loss."""
    return [
        row
        for name, content in before.items()
        for row in content
        if not any(row.items() <= now.items() for now in after[name])
    ]


# What a shop has, how far the way back leads, and what is in the way there.
SHOPS = {
    "has sold": ("SELECT", "t0004", "pos_journal (2 rows), pos_payment (1 row), pos_register (1 row)"),
    "has a contact of somebody's": (
        """INSERT INTO crm_contact (id, kind, name, source, name_key, search, alike, owner_id) VALUES
        ('01926e6a-0000-7000-8000-000000000021', 'person', 'Ann', 'manual', 'ann', '', '',
            '01926e6a-0000-7000-8000-000000000002')""",
        "t0019",
        "crm_contact.owner_id (1 row)",
    ),
    "has a refund that was approved": (
        """ALTER TABLE pos_refund_approval DROP CONSTRAINT fk_pos_refund_approval_refund_id;
        INSERT INTO pos_refund_approval VALUES
            (gen_random_uuid(), 'pos.refund', '01926e6a-0000-7000-8000-000000000002', 'Zoë')""",
        "t0022",
        "pos_refund_approval (1 row)",
    ),
}


def step_back(program: Program, url: str) -> str | None:
    """Undo the product's latest step by the command; returns why it is refused, None when it was done."""
    done = CliRunner().invoke(create_cli(program), ["db", "downgrade", "tradepost@-1", "--database-url", url])
    if isinstance(done.exception, ConfigurationError):
        return str(done.exception)
    assert done.exit_code == 0, done.output
    return None


def reached(url: str) -> str:
    """Return the product's revision."""
    [(found,)] = run(url, "SELECT version_num FROM mainstay_migration WHERE version_num LIKE 't%'")
    return str(found)


@pytest.fixture
def newest(database_server: str, program: Program) -> Iterator[str]:
    """A database that was made by the newest version alone."""
    with database.clone(database_server, database.template(database_server, program.migrations)) as url:
        yield url


@pytest.mark.practice(34)
def test_an_empty_database_is_made_by_migrations_alone_and_equals_the_models(
    program: Program, empty_database_url: str
) -> None:
    arguments = [sys.executable, "-m", "tradepost", "db", "upgrade"]
    environment = {**os.environ, "TRADEPOST_DATABASE_URL": empty_database_url}
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "agree" in command(program, empty_database_url, "check", "--database-url", empty_database_url)


@pytest.mark.practice(37)
def test_data_of_every_older_version_survive_the_way_to_the_newest(
    program: Program, empty_database_url: str, newest: str
) -> None:
    before: dict[str, Rows] = {}
    for revision, data in OLD_DATA.items():
        migrate.upgrade(empty_database_url, program.migrations, revision)
        assert lost(before, rows(empty_database_url)) == []
        run(empty_database_url, data)
        before = {name: content for name, content in rows(empty_database_url).items() if content}
        # Every migration renews the marks of watched tables, so that nothing from before it is shown.
        before.pop("mainstay_topic", None)
    assert {"mainstay_event", "procrastinate_jobs", "identity_person", "identity_invitation"} <= set(before)

    command(program, empty_database_url, "upgrade")

    assert lost(before, rows(empty_database_url)) == []
    assert run(empty_database_url, RULES) == run(newest, RULES)


@pytest.mark.practice(34)
def test_the_products_tables_go_and_come_again_and_the_rest_keeps_its_data(program: Program, newest: str) -> None:
    for data in OLD_DATA.values():
        run(newest, data)
    kept = {name: content for name, content in rows(newest).items() if content}
    # All are watched anew: nothing that was read before is shown.
    marks = {row["name"]: row["mark"] for row in kept.pop("mainstay_topic")}
    rules = run(newest, RULES)

    migrate.downgrade(newest, program.migrations, "tradepost@base")
    assert not [name for name in rows(newest) if not name.startswith(CORE)]
    command(program, newest, "upgrade")

    after = rows(newest)
    assert {name: after[name] for name in kept} == kept
    again = {row["name"]: row["mark"] for row in after["mainstay_topic"]}
    assert set(again) == set(marks)
    assert not set(again.values()) & set(marks.values())
    assert run(newest, RULES) == rules


@pytest.mark.parametrize(
    "shop", [pytest.param(shop, marks=[pytest.mark.long] if shop == "has sold" else []) for shop in SHOPS]
)
def test_the_way_back_leads_as_far_as_data_allow_and_is_refused_there(program: Program, newest: str, shop: str) -> None:
    data, last, told = SHOPS[shop]
    sell(newest)
    for each in (*OLD_DATA.values(), data):
        run(newest, each)
    before, rules = {name: content for name, content in rows(newest).items() if content}, run(newest, RULES)
    before.pop("mainstay_topic")

    while (refused := step_back(program, newest)) is None:
        assert reached(newest) != "t0001"

    assert reached(newest) == last
    assert refused.startswith(f"The way back loses what only the newer version can store: {told}")
    assert "Nothing was changed." in refused
    held = rows(newest)
    assert step_back(program, newest) == refused
    assert (rows(newest), reached(newest)) == (held, last)
    command(program, newest, "upgrade")
    assert lost(before, rows(newest)) == []
    assert run(newest, RULES) == rules


def test_contacts_of_before_belong_to_whoever_entered_them(program: Program, empty_database_url: str) -> None:
    """What a key or a job made is the house's, because nobody knows better."""
    migrate.upgrade(empty_database_url, program.migrations, "t0018")
    run(empty_database_url, BEFORE_OWNERS)

    command(program, empty_database_url, "upgrade")

    person = UUID("01926e6a-0000-7000-8000-000000000002")
    assert run(empty_database_url, "SELECT name, owner_id FROM crm_contact ORDER BY name") == [
        ("By a key", None),
        ("By hand", person),
        ("From a file", None),
    ]
    assert run(empty_database_url, "SELECT owner_id FROM crm_card_photo") == [(person,)]


def test_what_contacts_of_before_are_reached_by_is_known_and_no_loss_on_the_way_back(
    program: Program, empty_database_url: str
) -> None:
    migrate.upgrade(empty_database_url, program.migrations, "t0024")
    run(empty_database_url, BEFORE_OWNERS.partition("INSERT INTO crm_card_batch")[0] + REACHED_BY)

    command(program, empty_database_url, "upgrade")

    assert run(empty_database_url, HAS) == [
        ("By a key", False, True),
        ("By hand", True, False),
        ("From a file", False, False),
    ]
    # What is kept of it is kept by the database from here on.
    run(empty_database_url, "DELETE FROM crm_phone; DELETE FROM crm_email")
    assert {row[1:] for row in run(empty_database_url, HAS)} == {(False, False)}
    run(empty_database_url, REACHED_BY)
    before = run(empty_database_url, HAS)
    while reached(empty_database_url) != "t0024":
        assert step_back(program, empty_database_url) is None
    command(program, empty_database_url, "upgrade")
    assert run(empty_database_url, HAS) == before
