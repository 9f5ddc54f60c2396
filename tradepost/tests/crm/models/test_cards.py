"""What the database itself refuses of cards."""

import asyncpg
import pytest
from cards_read import MakeCards

from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

CORRECTION = """
INSERT INTO crm_card_correction (card_id, kind, index, read_boxes, kept_boxes, box_texts, actor_name)
SELECT id, 'nickname', 0, '[]', '[]', '{}', 'Olga' FROM crm_card
"""
READING = "INSERT INTO crm_card_reading (sha256, engines, readings, cpu_ms) VALUES ('x', 'y', '{}', 1)"


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE crm_card_photo SET state = 'lost'", "ck_crm_card_photo_state_known"),
        ("UPDATE crm_card_photo SET media_type = 'image/svg+xml'", "ck_crm_card_photo_media_type_known"),
        ("UPDATE crm_card_photo SET filename = ''", "ck_crm_card_photo_filename_in_range"),
        ("UPDATE crm_card_photo SET size_bytes = 1", "ck_crm_card_photo_size_is_of_content"),
        ("UPDATE crm_card_photo SET width = 0", "ck_crm_card_photo_pixels_above_zero"),
        ("UPDATE crm_card_photo SET state = 'failed'", "ck_crm_card_photo_failed_with_reason"),
        ("UPDATE crm_card_photo SET batch_id = gen_random_uuid()", "fk_crm_card_photo_batch_id"),
        ("UPDATE crm_card SET state = 'lost', decided_at = now()", "ck_crm_card_state_known"),
        ("UPDATE crm_card SET number = 0", "ck_crm_card_number_above_zero"),
        ("UPDATE crm_card SET joined_to = id", "ck_crm_card_joined_to_another"),
        ("UPDATE crm_card SET state = 'accepted'", "ck_crm_card_decided_at_some_time"),
        ("UPDATE crm_card SET boxes = '{}'", "ck_crm_card_boxes_and_fields"),
        ("UPDATE crm_card SET contact = '[]'", "ck_crm_card_contact_object"),
        ("UPDATE crm_card SET contact_id = gen_random_uuid()", "fk_crm_card_contact_id"),
        (CORRECTION, "ck_crm_card_correction_kind_known"),
        (READING, "ck_crm_card_reading_readings_list"),
    ],
)
async def test_what_breaks_a_rule_is_refused(
    owner: Client, make_cards: MakeCards, uow: UnitOfWork, statement: str, constraint: str
) -> None:
    await make_cards()
    with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
        await uow.write(statement)
    assert refused.value.constraint_name == constraint


async def test_one_content_is_one_picture(owner: Client, make_cards: MakeCards, uow: UnitOfWork) -> None:
    await make_cards()
    await make_cards()
    with pytest.raises(asyncpg.UniqueViolationError, match="ix_crm_card_photo_sha256"):
        await uow.write("UPDATE crm_card_photo SET sha256 = 'x'")
