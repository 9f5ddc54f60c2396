"""Requests for a link to set a new password, which wait for the job that answers them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0015"
down_revision: str | None = "m0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "identity_reset_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_reset_request")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("identity_reset_request")
