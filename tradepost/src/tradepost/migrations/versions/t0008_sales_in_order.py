"""Sales of all stores, or of one on any day, are listed by an index."""

from collections.abc import Sequence

from alembic import op

revision: str = "t0008"
down_revision: str | None = "t0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(op.f("ix_pos_sale_sold_at_id"), "pos_sale", ["sold_at", "id"])


def downgrade() -> None:
    """Remove the index."""
    op.drop_index(op.f("ix_pos_sale_sold_at_id"), table_name="pos_sale")
