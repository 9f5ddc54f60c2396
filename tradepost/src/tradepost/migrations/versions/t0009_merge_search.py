"""The search index is kept short by a program that does not own it."""

from collections.abc import Sequence

from alembic import op

from mainstay.db.migrate import run_script

revision: str = "t0009"
down_revision: str | None = "t0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the function."""
    run_script(("tradepost.migrations.sql", "catalog_merge_search_1.sql"))


def downgrade() -> None:
    """Remove the function."""
    op.execute("DROP FUNCTION catalog_merge_search")
