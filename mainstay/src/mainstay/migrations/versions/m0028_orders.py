"""Mails are found by their recipient and by what became of them, deliveries by what became of them."""

from collections.abc import Sequence

from mainstay.db.migrate import build_index, drop_index

revision: str = "m0028"
down_revision: str | None = "m0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = (
    ("mail_message", "recipient", "created_at", "id"),
    ("mail_message", "state", "created_at", "id"),
    ("webhooks_delivery", "subscription_id", "state", "created_at", "id"),
)


def upgrade() -> None:
    """Add them, beside those who work."""
    for table, *columns in INDEXES:
        build_index(table, *columns)


def downgrade() -> None:
    """Remove them."""
    for table, *columns in INDEXES:
        drop_index(table, *columns)
