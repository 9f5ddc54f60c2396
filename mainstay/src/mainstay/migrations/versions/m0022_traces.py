"""The trace of what caused an event, so that whoever acts on it later continues the trace."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mainstay.db.migrate import run_script

revision: str = "m0022"
down_revision: str | None = "m0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the column, and have the function fill it."""
    op.add_column("mainstay_event", sa.Column("trace", sa.Text(), nullable=True))
    run_script(("mainstay.migrations.sql", "publish_2.sql"))


def downgrade() -> None:
    """Take both back."""
    op.execute("DROP FUNCTION mainstay_publish(jsonb)")
    run_script(("mainstay.migrations.sql", "publish_1.sql"))
    op.drop_column("mainstay_event", "trace")
