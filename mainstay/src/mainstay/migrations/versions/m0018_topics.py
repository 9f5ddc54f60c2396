"""Marks of watched tables, by which kept answers are known to hold still."""

from collections.abc import Sequence

from alembic import op

from mainstay.db.migrate import run_script

revision: str = "m0018"
down_revision: str | None = "m0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table, and the function that triggers call."""
    run_script(("mainstay.migrations.sql", "topic_1.sql"))


def downgrade() -> None:
    """Drop them, with the triggers of tables that are watched still."""
    op.execute("DROP FUNCTION mainstay_touch() CASCADE")
    op.drop_table("mainstay_topic")
