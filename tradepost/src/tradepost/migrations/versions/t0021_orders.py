"""Sales are found by who rang them up and listed by their totals, and shifts by when they were opened."""

from collections.abc import Sequence

from mainstay.db.migrate import build_index, drop_index

revision: str = "t0021"
down_revision: str | None = "t0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEXES = (
    ("pos_sale", "cashier_id", "sold_at", "id"),
    ("pos_sale", "total_minor", "id"),
    ("pos_shift", "opened_at", "id"),
)


def upgrade() -> None:
    """Add them, beside those who work."""
    for table, *columns in INDEXES:
        build_index(table, *columns)


def downgrade() -> None:
    """Remove them."""
    for table, *columns in INDEXES:
        drop_index(table, *columns)
