"""Receipt numbers are compared by their characters, so that their index finds beginnings in any locale."""

from collections.abc import Sequence

from alembic import op

revision: str = "t0006"
down_revision: str | None = "t0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Change the comparison; the rows stay, the index is made anew."""
    op.execute('ALTER TABLE pos_sale ALTER COLUMN receipt_number TYPE text COLLATE "C"')


def downgrade() -> None:
    """Go back to the comparison of the database."""
    op.execute('ALTER TABLE pos_sale ALTER COLUMN receipt_number TYPE text COLLATE "default"')
