"""A search for words and a number looks the number up."""

from collections.abc import Sequence

from alembic import op

from mainstay.db.migrate import run_script

revision: str = "t0010"
down_revision: str | None = "t0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Replace the function."""
    run_script(("tradepost.migrations.sql", "catalog_alike_query_2.sql"))


def downgrade() -> None:
    """Go back to the first version of both functions."""
    op.execute("DROP FUNCTION catalog_alike, catalog_alike_query")
    run_script(("tradepost.migrations.sql", "catalog_alike_1.sql"))
