"""Requests for a link to set a new password, and people who signed up and wait."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0015"
down_revision: str | None = "m0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the tables."""
    _create_sign_up()
    op.create_table(
        "identity_reset_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_reset_request")),
    )


def downgrade() -> None:
    """Drop them; who waited has to sign up anew."""
    op.drop_table("identity_reset_request")
    op.drop_table("identity_sign_up")


def _create_sign_up() -> None:
    op.create_table(
        "identity_sign_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('en', 'ru')", name=op.f("ck_identity_sign_up_language_known")),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR token_digest IS NULL", name=op.f("ck_identity_sign_up_link_used_up")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_sign_up")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_identity_sign_up_token_digest")),
    )
    op.create_index(op.f("ix_identity_sign_up_confirmed_at_id"), "identity_sign_up", ["confirmed_at", "id"])
    op.create_index(
        op.f("uq_identity_sign_up_email_key_confirmed"),
        "identity_sign_up",
        ["email_key"],
        unique=True,
        postgresql_where=sa.text("confirmed_at IS NOT NULL"),
    )
