"""What the virus scanner said of price lists, files of contacts and pictures of cards."""

from collections.abc import Sequence

from alembic import op

revision: str = "t0023"
down_revision: str | None = "t0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = {
    "catalog_import": "'none', 'waiting', 'clean', 'infected'",
    "crm_import": "'none', 'clean'",
    "crm_card_photo": "'none', 'clean'",
}


def upgrade() -> None:
    """Add the columns; nobody has looked at what is there already."""
    with op.get_context().autocommit_block():
        # Each by itself and safe to repeat: nobody waits while the rows of before are read.
        for table, words in TABLES.items():
            name = f"ck_{table}_scan_known"
            op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS scan TEXT DEFAULT 'none' NOT NULL")
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (scan IN ({words})) NOT VALID")
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    """Drop the columns."""
    for table in TABLES:
        op.drop_column(table, "scan")
