"""Refunds are found by who gave them, as sales are by who rang them up."""

from collections.abc import Sequence

from mainstay.db.migrate import build_index, drop_index

revision: str = "t0024"
down_revision: str | None = "t0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEX = ("cashier_id", "refunded_at", "id")


def upgrade() -> None:
    """Add the index, beside those who work."""
    build_index("pos_refund", *INDEX)


def downgrade() -> None:
    """Remove it."""
    drop_index("pos_refund", *INDEX)
