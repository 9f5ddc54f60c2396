"""An index behind each key that lists of contacts and of movements are narrowed down by."""

from collections.abc import Sequence

from alembic import op

from mainstay.db.migrate import build_index, drop_index, run_script

revision: str = "t0025"
down_revision: str | None = "t0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ALIVE = "archived_at IS NULL"
BY_NAME = ("name_key", "id")
LEDGER = ("store_id", "variant_id")
# Name, table, columns and condition; one that is called by its columns has no name here.
INDEXES = (
    ("ix_crm_contact_kind", "crm_contact", ("kind", *BY_NAME), ALIVE),
    ("ix_crm_contact_source", "crm_contact", ("source", *BY_NAME), ALIVE),
    ("ix_crm_contact_no_phone", "crm_contact", BY_NAME, f"{ALIVE} AND NOT has_phone"),
    ("ix_crm_contact_no_email", "crm_contact", BY_NAME, f"{ALIVE} AND NOT has_email"),
    (
        "ix_crm_contact_no_company",
        "crm_contact",
        BY_NAME,
        f"{ALIVE} AND kind = 'person' AND company_id IS NULL AND company_name IS NULL",
    ),
    ("ix_stock_movement_kind", "stock_movement", (*LEDGER, "kind", "id"), "kind <> 'sale'"),
    ("", "stock_movement", ("variant_id", "store_id", "happened_at"), ""),
)
# Each step can be taken again: of a migration that had to wait, those that were done stay.
FACTS = {"has_phone": "crm_phone", "has_email": "crm_email"}
# A thousand at a time, so that nobody waits for the rest to be looked at.
FILL = """
DO $$
DECLARE
    last uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
    LOOP
        WITH part AS (
            SELECT
                id, EXISTS (SELECT FROM crm_phone WHERE contact_id = crm_contact.id) AS phone,
                EXISTS (SELECT FROM crm_email WHERE contact_id = crm_contact.id) AS email
            FROM crm_contact WHERE id > last ORDER BY id LIMIT 1000 FOR NO KEY UPDATE
        ), changed AS (
            UPDATE crm_contact AS contact SET has_phone = part.phone, has_email = part.email
            FROM part
            WHERE contact.id = part.id AND (contact.has_phone, contact.has_email) <> (part.phone, part.email)
        )
        SELECT (array_agg(id ORDER BY id DESC))[1] INTO last FROM part;
        EXIT WHEN last IS NULL;
        COMMIT;
    END LOOP;
END
$$
"""


def upgrade() -> None:
    """Tell of each contact whether it has a number and an address, and add the indexes beside those who work."""
    with op.get_context().autocommit_block():
        for column, table in FACTS.items():
            op.execute(f"ALTER TABLE crm_contact ADD COLUMN IF NOT EXISTS {column} boolean DEFAULT false NOT NULL")
            op.execute(f"COMMENT ON COLUMN crm_contact.{column} IS 'derived from {table}'")
        run_script(("tradepost.migrations.sql", "crm_has_1.sql"))
        op.execute(FILL)
    for name, table, columns, condition in INDEXES:
        build_index(table, *columns, name=name, where=condition)
    # The last of them begins with the same column.
    drop_index("stock_movement", "variant_id")


def downgrade() -> None:
    """Remove them."""
    build_index("stock_movement", "variant_id")
    for name, table, columns, _ in reversed(INDEXES):
        drop_index(table, *columns, name=name)
    for table in FACTS.values():
        op.execute(f"DROP TRIGGER {table}_added ON {table}")
        op.execute(f"DROP TRIGGER {table}_removed ON {table}")
    op.execute("DROP FUNCTION crm_note_reach")
    for column in FACTS:
        op.drop_column("crm_contact", column)
