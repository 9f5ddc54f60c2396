"""What lists show of a variant is kept with it as text."""

from collections.abc import Sequence

from alembic import op

from mainstay.db.migrate import run_script

revision: str = "t0005"
down_revision: str | None = "t0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the column; the table is written anew, 100,000 variants in some seconds."""
    run_script(("tradepost.migrations.sql", "catalog_shown_1.sql"))


def downgrade() -> None:
    """Remove the column and its function."""
    op.drop_column("catalog_variant", "shown")
    op.execute("DROP FUNCTION catalog_shown")
