"""The audit trail: entries, their private parts, the chain of hashes and its checkpoints."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from mainstay.db.migrate import append_only, run_script

revision: str = "m0003"
down_revision: str | None = "m0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Set by the functions that erase and expire, for as long as they delete.
IS_REMOVING = "current_setting('audit.removing', true) = 'on'"
FIX_SEARCH_PATH = """
DO $$
DECLARE
    name regprocedure;
BEGIN
    FOREACH name IN ARRAY ARRAY['audit_erase(text, text)', 'audit_expire(timestamptz)']::regprocedure[] LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
    END LOOP;
END
$$
"""


def upgrade() -> None:
    """Create the tables, their guards and the functions that alone write and remove."""
    _create_entry()
    _create_private()
    _create_chain()
    for table in ("audit_entry", "audit_private", "audit_link"):
        append_only(table, unless=IS_REMOVING)
    append_only("audit_checkpoint")
    run_script(("mainstay.migrations.sql", "audit_append_1.sql"))
    run_script(("mainstay.migrations.sql", "audit_remove_1.sql"))
    run_script(FIX_SEARCH_PATH)


def downgrade() -> None:
    """Drop them."""
    for function in ("audit_append", "audit_erase", "audit_expire"):
        op.execute(f"DROP FUNCTION {function}")
    for table in ("audit_pending", "audit_checkpoint", "audit_link", "audit_private", "audit_entry"):
        op.drop_table(table)


def _create_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "happened_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=True),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("actor_digest", sa.LargeBinary(), nullable=True),
        sa.Column("change_digest", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("act ~ '^[a-z]+[.][a-z_]+$'", name=op.f("ck_audit_entry_act_named")),
        sa.CheckConstraint("object_type ~ '^[a-z]+[.][a-z_]+$'", name=op.f("ck_audit_entry_object_type_named")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("id", name=op.f("uq_audit_entry_id")),
    )
    for columns in (["happened_at"], ["act", "position"], ["actor_id", "position"]):
        op.create_index(op.f(f"ix_audit_entry_{'_'.join(columns)}"), "audit_entry", columns)
    columns = ["object_type", "object_id", "position"]
    op.create_index(op.f(f"ix_audit_entry_{'_'.join(columns)}"), "audit_entry", columns)


def _of_entry(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["position"], ["audit_entry.position"], name=op.f(f"fk_{table}_position"))


def _create_private() -> None:
    op.create_table(
        "audit_private",
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("part IN ('actor', 'change')", name=op.f("ck_audit_private_part_known")),
        _of_entry("audit_private"),
        sa.PrimaryKeyConstraint("position", "part", name=op.f("pk_audit_private")),
    )


def _create_chain() -> None:
    op.create_table(
        "audit_link",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        _of_entry("audit_link"),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_link")),
        sa.UniqueConstraint("position", name=op.f("uq_audit_link_position")),
        sa.UniqueConstraint("previous", name=op.f("uq_audit_link_previous")),
    )
    op.create_table(
        "audit_pending",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        _of_entry("audit_pending"),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_pending")),
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_checkpoint")),
    )
