"""What is not sold any more has an index of its own."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "t0007"
down_revision: str | None = "t0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_catalog_variant_inactive", "catalog_variant", ["name_key", "id"], postgresql_where=sa.text("NOT is_active")
    )


def downgrade() -> None:
    """Remove the index."""
    op.drop_index("ix_catalog_variant_inactive", table_name="catalog_variant")
