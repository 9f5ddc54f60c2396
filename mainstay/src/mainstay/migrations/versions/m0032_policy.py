"""How often a policy was stated: whoever states it anew says which statement they have read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0032"
down_revision: str | None = "m0031"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table; which roles need a second factor was stated before where any does."""
    op.create_table(
        "identity_policy",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_identity_policy_version_counts")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_identity_policy")),
    )
    op.execute("""
        INSERT INTO identity_policy (key, version)
        SELECT 'factor_policy', 1 WHERE EXISTS (SELECT FROM identity_factor_policy)
    """)


def downgrade() -> None:
    """Drop it: the last statement holds again, whoever had read which."""
    op.drop_table("identity_policy")
