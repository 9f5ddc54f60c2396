"""Mails that wait or were dealt with, and the language people want them in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0010"
down_revision: str | None = "m0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = "state IN ('waiting', 'sent', 'refused', 'given_up', 'unsent')"


def upgrade() -> None:
    """Create the tables."""
    _create_message()
    op.create_table(
        "mail_reader",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.CheckConstraint("language IN ('en', 'ru')", name=op.f("ck_mail_reader_language_known")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["identity_person.id"],
            name=op.f("fk_mail_reader_person_id_identity_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_reader")),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("mail_reader")
    op.drop_table("mail_message")


def _create_message() -> None:
    op.create_table(
        "mail_message",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("recipient_name", sa.Text(), nullable=False),
        sa.Column("letter_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_mail_message_state_known")),
        sa.CheckConstraint(
            "(letter_sealed IS NOT NULL) = (state IN ('waiting', 'given_up'))",
            name=op.f("ck_mail_message_letter_kept_while_needed"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state = 'waiting')", name=op.f("ck_mail_message_ended_unless_waiting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_message")),
    )
    op.create_index(op.f("ix_mail_message_created_at_id"), "mail_message", ["created_at", "id"])
