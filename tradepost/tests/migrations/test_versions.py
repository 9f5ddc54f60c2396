"""The product's migrations, run as an operator runs them: from nothing, from older versions with data, down and up."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import cast
from uuid import UUID

import psycopg
import pytest
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
# What an installation of each version holds: a row in every table that the version brought and people fill.
OLD_DATA = {
    "m0001": """
        SELECT mainstay_publish('[{"id": "01926e6a-0000-7000-8000-000000000001", "name": "old.happened",
            "payload": {"text": "Zoë"}, "actor_id": null, "request_id": "old", "happened_at": "2026-01-02T03:04:05Z",
            "jobs": [{"queue": "default", "task": "old.job", "priority": 0, "lock": null}]}]');
        INSERT INTO mainstay_job_done (event_id, job) VALUES ('01926e6a-0000-7000-8000-000000000001', 'old.job');
    """,
    "m0002": """
        INSERT INTO identity_person (id, email, email_key, name, role, password_hash)
        VALUES ('01926e6a-0000-7000-8000-000000000002', 'Zoe@Shop.example', 'zoe@shop.example', 'Zoë', 'owner', 'x');
        INSERT INTO identity_session (id, token_digest, person_id, expires_at) VALUES
            ('01926e6a-0000-7000-8000-000000000003', '\\x01', '01926e6a-0000-7000-8000-000000000002', '2027-01-01Z');
        INSERT INTO identity_invitation (id, token_digest, role, name, email, created_by, expires_at) VALUES
            ('01926e6a-0000-7000-8000-000000000004', '\\x02', 'cashier', 'Bob', 'bob@shop.example',
             '01926e6a-0000-7000-8000-000000000002', '2027-01-01Z');
        INSERT INTO identity_attempt (account_digest, address) VALUES ('\\x03', '::1');
    """,
    "m0003": """
        SELECT audit_append('[{"id": "01926e6a-0000-7000-8000-000000000005", "act": "identity.signed_in",
            "object_type": "identity.person", "object_id": "01926e6a-0000-7000-8000-000000000002",
            "actor_kind": "person", "actor_id": "01926e6a-0000-7000-8000-000000000002", "actor_role": "owner",
            "approver_id": null, "request_id": "old", "private": {"actor": {"salt": "00", "digest": "01",
            "content": {"name": "Zoë", "address": "::1"}}}}]');
        INSERT INTO audit_link (sequence, position, previous, hash)
        SELECT 1, position, '\\x00', '\\x01' FROM audit_entry;
        INSERT INTO audit_checkpoint (sequence, hash, removed) VALUES (0, '\\x00', 1);
    """,
    "m0004": """
        INSERT INTO identity_role (key, title, permissions) VALUES ('porter', 'Porter', '{pos.sell}');
        INSERT INTO identity_person (id, email, email_key, name, role, password_hash)
        VALUES ('01926e6a-0000-7000-8000-000000000009', 'p@shop.example', 'p@shop.example', 'P', 'porter', 'x');
    """,
    "m0005": """
        INSERT INTO identity_reset (id, token_digest, person_id, expires_at) VALUES
            ('01926e6a-0000-7000-8000-000000000006', '\\x04', '01926e6a-0000-7000-8000-000000000002', '2027-01-01Z');
    """,
    "m0006": """
        INSERT INTO identity_totp (id, person_id, secret_sealed, confirmed_at) VALUES
            ('01926e6a-0000-7000-8000-000000000005', '01926e6a-0000-7000-8000-000000000002', '\\x04', '2026-01-01Z');
        INSERT INTO identity_recovery_code (id, person_id, selector, code_hash) VALUES
            ('01926e6a-0000-7000-8000-000000000006', '01926e6a-0000-7000-8000-000000000002', '0', 'x');
        INSERT INTO identity_passkey (id, person_id, credential_id, public_key, sign_count, site, name) VALUES
            ('01926e6a-0000-7000-8000-000000000007', '01926e6a-0000-7000-8000-000000000002', '\\x05', '\\x06', 7,
             'shop.example', 'Phone');
        INSERT INTO identity_factor_try (person_id) VALUES ('01926e6a-0000-7000-8000-000000000002');
        INSERT INTO identity_factor_policy (role) VALUES ('cashier');
        INSERT INTO identity_pending_sign_in (token_digest, person_id, expires_at) VALUES
            ('\\x07', '01926e6a-0000-7000-8000-000000000002', '2027-01-01Z');
        INSERT INTO identity_challenge (bound_to, purpose, challenge, expires_at) VALUES
            ('\\x08', 'sign_in', '\\x09', '2027-01-01Z');
    """,
    "m0007": """
        INSERT INTO identity_signing_key (kid, public_key, private_key_sealed) VALUES ('k', sha256('a'), '\\x01');
        INSERT INTO identity_token_family (id, person_id, expires_at) VALUES
            ('01926e6a-0000-7000-8000-000000000006', '01926e6a-0000-7000-8000-000000000002', '2027-01-01Z');
        INSERT INTO identity_refresh_token (digest, family_id) VALUES
            ('\\x04', '01926e6a-0000-7000-8000-000000000006');
        INSERT INTO identity_api_key (id, digest, name, hint, permissions, expires_at) VALUES
            ('01926e6a-0000-7000-8000-000000000007', '\\x05', 'Zoë', 'tp_…', '{pos.sell}', '2099-01-01Z');
    """,
    "m0010": """
        INSERT INTO mail_message (id, name, recipient, recipient_name, letter_sealed, state) VALUES
            ('01926e6a-0000-7000-8000-000000000005', 'test.letter', 'bob@shop.example', 'Bob', '\\x04', 'waiting');
        INSERT INTO mail_reader (person_id, language) VALUES ('01926e6a-0000-7000-8000-000000000002', 'ru');
    """,
    "m0011": """
        INSERT INTO identity_station (id, token_digest, place_id, name) VALUES
            ('01926e6a-0000-7000-8000-000000000008', '\\x06', '01926e6a-0000-7000-8000-000000000009', 'Tablet');
        INSERT INTO identity_pin (person_id, pin_sealed) VALUES ('01926e6a-0000-7000-8000-000000000002', '\\x07');
    """,
    "m0012": """
        INSERT INTO identity_role (key, title, extents) VALUES ('guest', 'Guest', '{"pos.sales": "own"}');
        INSERT INTO identity_person (id, email, email_key, name, role, password_hash, place_ids) VALUES
            ('01926e6a-0000-7000-8000-00000000000b', 'g', 'g', 'Grace', 'guest', '',
             '{01926e6a-0000-7000-8000-000000000001}');
    """,
    "m0015": """
        INSERT INTO identity_reset_request (id, email_key) VALUES
            ('01926e6a-0000-7000-8000-00000000000c', 'zoe@shop.example');
        INSERT INTO identity_sign_up (id, email, email_key, name, password_hash, language, expires_at, confirmed_at)
        VALUES ('01926e6a-0000-7000-8000-00000000000d', 'I@shop.example', 'i@shop.example', 'Ivy', 'x', 'ru',
                '2027-01-01Z', '2026-12-31Z');
    """,
    "m0016": """
        INSERT INTO mainstay_job_failure (job_id, attempt, error, stack, request_id, duration_ms) VALUES
            (7, 1, 'E', 'a.py:1 b', '-', 3);
        INSERT INTO mainstay_schedule_run (name, moment, outcome, duration_ms) VALUES
            ('audit.seal', '2026-12-31Z', 'done', 3);
    """,
    "m0017": """
        INSERT INTO backup_database (id, known_since) VALUES ('01926e6a-0000-7000-8000-00000000000e', '2026-12-31Z');
        INSERT INTO backup_archive (id, database_id, kind, state, started_at, ended_at, reason) VALUES
            ('01926e6a-0000-7000-8000-00000000000f', '01926e6a-0000-7000-8000-00000000000e', 'asked', 'failed',
             '2026-12-31Z', '2026-12-31Z', 'The disk was full.');
    """,
    "m0018": "INSERT INTO mainstay_topic (name) VALUES ('old_table')",
    "m0019": """
        INSERT INTO webhooks_subscription (id, url, description, events, filters, secret_sealed) VALUES
            ('01926e6a-0000-7000-8000-00000000000e', 'https://hooks.example/', 'Books', '{pos.*}', '[]', '\\x0a');
        INSERT INTO webhooks_cursor (id, transaction_id, position) VALUES (1, 700, 0);
        INSERT INTO webhooks_delivery
            (id, subscription_id, event_id, event_name, position, object_key, body) VALUES
            ('01926e6a-0000-7000-8000-00000000000f', '01926e6a-0000-7000-8000-00000000000e',
             '01926e6a-0000-7000-8000-000000000010', 'pos.sale_completed', 1, 'a', '{}');
        INSERT INTO webhooks_attempt (delivery_id, outcome, duration_ms, request) VALUES
            ('01926e6a-0000-7000-8000-00000000000f', 'timeout', 1000, '');
        INSERT INTO webhooks_source (id, name, description, secret_sealed) VALUES
            ('01926e6a-0000-7000-8000-000000000011', 'web-shop', 'Orders', '\\x0b');
        INSERT INTO webhooks_received (id, source_id, message_id, signed_at, body) VALUES
            ('01926e6a-0000-7000-8000-000000000012', '01926e6a-0000-7000-8000-000000000011', 'm',
             '2026-12-31Z', '\\x7b');
    """,
    "m0020": """
        INSERT INTO mainstay_job_progress (job_id, done, total) VALUES (7, 3, NULL);
    """,
    "m0021": """
        INSERT INTO mainstay_outdated_use (operation, caller, calls) VALUES ('GET /api/v1/notes', 'anonymous', 3);
    """,
    "m0023": """
        INSERT INTO flags_flag (key, rules, otherwise) VALUES ('crm.imports', '[{"value": false}]', 'true');
        INSERT INTO flags_experiment (key) VALUES ('old.colour');
        INSERT INTO flags_exposure (experiment, unit_id, variant) VALUES
            ('old.colour', '01926e6a-0000-7000-8000-000000000002', 'red');
        INSERT INTO flags_outcome (experiment, unit_id, value) VALUES
            ('old.colour', '01926e6a-0000-7000-8000-000000000002', 1.5);
    """,
    "m0024": """
        INSERT INTO notifications_item (id, person_id, kind, told, in_app, mail)
        SELECT '01926e6a-0000-7000-8000-000000000013', id, 'backup.missed', '{}', true, 'digest' FROM identity_person
        LIMIT 1;
        INSERT INTO notifications_preference (person_id, kind, in_app, mail)
        SELECT id, 'backup.missed', true, 'off' FROM identity_person;
        INSERT INTO notifications_reader (person_id, digest_hour, time_zone)
        SELECT id, 7, 'UTC' FROM identity_person;
        INSERT INTO notifications_bounce (person_id, address, reason)
        SELECT id, 'ada@shop.example', 'status_550' FROM identity_person;
    """,
    "m0025": """
        INSERT INTO files_file
            (id, owner_kind, owner_id, filename, size, received, stored, state, key, sha256, media_type,
                created_by_name)
        VALUES
            ('00000000-0000-7000-8000-000000000f01', 'catalog.product', '00000000-0000-7000-8000-000000000f02',
                'dawn.png', 5, 5, 5, 'ready', 'content/a/b', '\\x00', 'image/png', 'Olga');
        INSERT INTO files_file (id, owner_kind, owner_id, filename, size, received, created_by_name) VALUES
            ('00000000-0000-7000-8000-000000000f03', 'catalog.product', '00000000-0000-7000-8000-000000000f02',
                'dusk.png', 5, 2, 'Olga');
        INSERT INTO files_piece (file_id, start, size, key) VALUES
            ('00000000-0000-7000-8000-000000000f03', 0, 2, 'incoming/a/b');
        INSERT INTO files_form (file_id, name, key, media_type, size, width, height) VALUES
            ('00000000-0000-7000-8000-000000000f01', 'thumbnail', 'forms/a/b', 'image/webp', 3, 1, 1)
    """,
    "m0026": """
        INSERT INTO mainstay_repeat (actor_id, call, key, fingerprint, status, headers, content) VALUES
            ('00000000-0000-7000-8000-000000000f04', 'POST /api/v1/shop/tax-rates', 'a', '\\x00', 201, '{}', '\\x7b7d');
    """,
    "m0027": """
        INSERT INTO operations_error
            (id, fingerprint, role, kind, place, event, count, first_at, last_at, first_release, last_release)
        VALUES
            ('00000000-0000-7000-8000-000000000f05', 'a', 'api', 'ValueError', 'shop/tax.py:rate_of',
                'unhandled error', 2, now(), now(), '1.0.0', '1.0.1');
        INSERT INTO operations_error_occurrence
            (error_id, slot, number, at, release, machine, request_id, sentence, facts, frames)
        VALUES
            ('00000000-0000-7000-8000-000000000f05', 2, 2, now(), '1.0.1', 'till-1', 'r-1', '', '{}', '[]');
        INSERT INTO operations_error_writer (id, batch, at) VALUES
            ('00000000-0000-7000-8000-000000000f06', 1, now())
    """,
    "m0029": """
        INSERT INTO mainstay_former (kind, object_id, version, facts) VALUES
            ('tagging.tag', '00000000-0000-7000-8000-000000000f05', 1, '{"name": "Vendor", "colour": "grey"}');
    """,
    "m0031": """
        INSERT INTO operations_promise_step (began_at, writer, requests, failed, answered, slow) VALUES
            ('2026-11-30 10:05:00+00', '00000000-0000-7000-8000-000000000f06', 10, 1, 9, 2);
        INSERT INTO operations_log_level (logger, level, until) VALUES ('access', 'debug', now());
    """,
}
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


def command(url: str, *arguments: str) -> str:
    """Run the program's own command on the database at `url` and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "tradepost", "db", *arguments],
        env={**os.environ, "TRADEPOST_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(plain(url), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


Rows = list[dict[str, object]]


def rows(url: str) -> dict[str, Rows]:
    """Return every table with the content of all its rows."""
    names = sorted(str(row[0]) for row in run(url, TABLES))
    content = "SELECT to_jsonb(rows) FROM {} AS rows ORDER BY rows::text"
    return {name: [cast(dict[str, object], row[0]) for row in run(url, content.format(name))] for name in names}


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
def test_an_empty_database_is_made_by_migrations_alone_and_equals_the_models(empty_database_url: str) -> None:
    command(empty_database_url, "upgrade")

    assert "agree" in command(empty_database_url, "check", "--database-url", empty_database_url)


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

    command(empty_database_url, "upgrade")

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
    command(newest, "upgrade")

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
    command(newest, "upgrade")
    assert lost(before, rows(newest)) == []
    assert run(newest, RULES) == rules


def test_contacts_of_before_belong_to_whoever_entered_them(program: Program, empty_database_url: str) -> None:
    """What a key or a job made is the house's, because nobody knows better."""
    migrate.upgrade(empty_database_url, program.migrations, "t0018")
    run(empty_database_url, BEFORE_OWNERS)

    command(empty_database_url, "upgrade")

    person = UUID("01926e6a-0000-7000-8000-000000000002")
    assert run(empty_database_url, "SELECT name, owner_id FROM crm_contact ORDER BY name") == [
        ("By a key", None),
        ("By hand", person),
        ("From a file", None),
    ]
    assert run(empty_database_url, "SELECT owner_id FROM crm_card_photo") == [(person,)]
