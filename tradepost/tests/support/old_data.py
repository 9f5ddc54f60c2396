"""What installations of each older version hold, for the tests of migrations and the ways back."""

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
