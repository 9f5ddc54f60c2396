"""Whose contacts and pictures of cards are whose, so that roles can be limited to their own or their team's."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "t0019"
down_revision: str | None = "t0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = ("crm_contact", "crm_card_photo", "crm_import")
# Who entered a contact stands at the beginning of its story. Keys of services are nobody, and what came from a file was
# written by a job: these are the house's.
GIVE_CONTACTS = """
UPDATE crm_contact AS contact SET owner_id = entry.actor_id
FROM crm_timeline AS entry JOIN identity_person AS person ON person.id = entry.actor_id
WHERE entry.contact_id = contact.id AND entry.version = 1 AND entry.what = 'created'
"""
GIVE_PHOTOS = """
UPDATE crm_card_photo AS photo SET owner_id = batch.actor_id
FROM crm_card_batch AS batch JOIN identity_person AS person ON person.id = batch.actor_id
WHERE batch.id = photo.batch_id
"""
# Two people may have sent the same picture; without owners there is one of it, the first.
KEEP_FIRST = """
DELETE FROM crm_card_photo AS photo USING crm_card_photo AS earlier
WHERE earlier.sha256 = photo.sha256 AND (earlier.created_at, earlier.id) < (photo.created_at, photo.id)
"""


def upgrade() -> None:
    """Add owners, tell those that are known, and let each have a picture of their own."""
    for table in TABLES:
        op.add_column(table, sa.Column("owner_id", sa.Uuid(), nullable=True))
    op.execute(GIVE_CONTACTS)
    op.execute(GIVE_PHOTOS)
    op.create_index(
        "ix_crm_contact_owner",
        "crm_contact",
        ["owner_id", "name_key", "id"],
        postgresql_where=sa.text("archived_at IS NULL"),
    )
    op.create_index(
        op.f("ix_crm_card_photo_owner_id_created_at_id"), "crm_card_photo", ["owner_id", "created_at", "id"]
    )
    op.drop_index(op.f("ix_crm_card_photo_sha256"), "crm_card_photo")
    op.create_index(
        op.f("ix_crm_card_photo_sha256_owner_id"),
        "crm_card_photo",
        ["sha256", "owner_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    """Drop owners, and of the same picture all but the first."""
    op.drop_index(op.f("ix_crm_card_photo_sha256_owner_id"), "crm_card_photo")
    op.execute(KEEP_FIRST)
    op.create_index(op.f("ix_crm_card_photo_sha256"), "crm_card_photo", ["sha256"], unique=True)
    op.drop_index(op.f("ix_crm_card_photo_owner_id_created_at_id"), "crm_card_photo")
    op.drop_index("ix_crm_contact_owner", "crm_contact")
    for table in reversed(TABLES):
        op.drop_column(table, "owner_id")
