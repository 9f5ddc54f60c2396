"""What the database itself refuses of files that wait for the virus scanner."""

import asyncpg
import pytest

from mainstay import ids
from mainstay.work import UnitOfWork

ADD = """
WITH batch AS (INSERT INTO crm_card_batch (id, actor_name) VALUES ($1, ''))
INSERT INTO crm_card_upload (id, batch_id, filename, sha256, size_bytes) VALUES ($1, $1, 'a.png', 'a', 1)
"""
DECIDED = "UPDATE crm_card_upload SET decided_at = now()"
TAKEN = f"{DECIDED}, state = 'taken', scan = 'clean'"


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        (f"{DECIDED}, state = 'lost'", "ck_crm_card_upload_state_known"),
        ("UPDATE crm_card_upload SET scan = 'maybe'", "ck_crm_card_upload_scan_known"),
        (f"{DECIDED}, state = 'taken'", "ck_crm_card_upload_taken_was_looked_at"),
        (f"{DECIDED}, state = 'taken', scan = 'infected'", "ck_crm_card_upload_taken_was_looked_at"),
        (f"{DECIDED}, state = 'refused'", "ck_crm_card_upload_reason"),
        (f"{TAKEN}, code = 'a', sentence = 'A.'", "ck_crm_card_upload_reason"),
        ("UPDATE crm_card_upload SET state = 'taken', scan = 'clean'", "ck_crm_card_upload_decided_at_some_time"),
        ("UPDATE crm_card_upload SET filename = ''", "ck_crm_card_upload_filename_in_range"),
        ("UPDATE crm_card_upload SET refused = '{}'", "ck_crm_card_upload_refused_list"),
    ],
)
async def test_what_no_file_may_be(uow: UnitOfWork, sql: str, name: str) -> None:
    await uow.write(ADD, ids.new_id())

    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await uow.write(sql)

    assert refusal.value.constraint_name == name


async def test_the_same_file_waits_once(uow: UnitOfWork) -> None:
    await uow.write(ADD, ids.new_id())
    await uow.write(TAKEN)
    await uow.write(ADD, ids.new_id())

    with pytest.raises(asyncpg.UniqueViolationError, match="ix_crm_card_upload_sha256_owner_id"):
        await uow.write(ADD, ids.new_id())
