"""Smaller forms of pictures in AVIF beside WebP, where that is smaller."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0030"
down_revision: str | None = "m0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COLUMNS = {"avif_key": sa.Text(), "avif_size": sa.BigInteger()}


def upgrade() -> None:
    """Add the columns; forms that are there already have no AVIF."""
    for name, kind in COLUMNS.items():
        op.add_column("files_form", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Drop the columns; the sweep removes what lay under the keys."""
    for name in COLUMNS:
        op.drop_column("files_form", name)
