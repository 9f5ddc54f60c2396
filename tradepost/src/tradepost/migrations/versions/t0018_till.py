"""Who approved what on a sale, and tills that were given up."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mainstay.db.migrate import append_only

revision: str = "t0018"
down_revision: str | None = "t0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table, which is append-only as the sales are, and the column."""
    op.create_table(
        "pos_sale_approval",
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=False),
        sa.Column("approver_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sale_id"], ["pos_sale.id"], name=op.f("fk_pos_sale_approval_sale_id")),
        sa.PrimaryKeyConstraint("sale_id", name=op.f("pk_pos_sale_approval")),
    )
    append_only("pos_sale_approval")
    op.add_column("pos_register", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_pos_register_archived_is_closed"), "pos_register", "archived_at IS NULL OR open_shift_id IS NULL"
    )


def downgrade() -> None:
    """Drop them; tills that were given up are shown again."""
    op.drop_column("pos_register", "archived_at")
    op.drop_table("pos_sale_approval")
