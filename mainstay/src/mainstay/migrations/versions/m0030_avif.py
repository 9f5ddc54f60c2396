"""Smaller forms of pictures in AVIF beside WebP, where that is smaller."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0030"
down_revision: str | None = "m0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the columns; forms that are there already have no AVIF."""
    op.add_column("files_form", sa.Column("avif_key", sa.Text(), nullable=True))
    op.add_column("files_form", sa.Column("avif_size", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Drop the columns; the sweep removes what lay under the keys."""
    op.drop_column("files_form", "avif_size")
    op.drop_column("files_form", "avif_key")
