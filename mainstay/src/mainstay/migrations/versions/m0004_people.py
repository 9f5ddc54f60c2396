"""Roles as data, people who were deleted, and the rule that an owner always stays."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from mainstay.db.migrate import run_script

revision: str = "m0004"
down_revision: str | None = "m0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BUILT_IN = (
    ("owner", "Owner"),
    ("manager", "Manager"),
    ("cashier", "Cashier"),
    ("employee", "Employee"),
    ("read_only", "Read only"),
)
HOLDERS = ("person", "invitation")
OLD_ROLES = "role IN ('owner', 'cashier')"


def upgrade() -> None:
    """Create the roles, have people and invitations refer to them, and guard the last owner."""
    _create_role()
    for holder in HOLDERS:
        table = f"identity_{holder}"
        op.drop_constraint(op.f(f"ck_{table}_role_known"), table, type_="check")
        op.create_foreign_key(op.f(f"fk_{table}_role"), table, "identity_role", ["role"], ["key"])
        op.create_index(op.f(f"ix_{table}_role"), table, ["role"])
    op.add_column("identity_person", sa.Column("deleted_at", sa.DateTime(timezone=True)))
    op.create_check_constraint(
        op.f("ck_identity_person_deleted_is_inactive"), "identity_person", "deleted_at IS NULL OR NOT is_active"
    )
    run_script(("mainstay.migrations.sql", "identity_last_owner_1.sql"))
    op.execute(
        """
        CREATE TRIGGER identity_person_last_owner_changed BEFORE UPDATE ON identity_person FOR EACH ROW
        WHEN (OLD.role = 'owner' AND OLD.is_active AND NOT (NEW.role = 'owner' AND NEW.is_active))
        EXECUTE FUNCTION identity_keep_an_owner()
        """
    )
    op.execute(
        """
        CREATE TRIGGER identity_person_last_owner_removed BEFORE DELETE ON identity_person FOR EACH ROW
        WHEN (OLD.role = 'owner' AND OLD.is_active) EXECUTE FUNCTION identity_keep_an_owner()
        """
    )


def downgrade() -> None:
    """Take it back; whoever has a role that was not known before becomes a cashier."""
    for happening in ("changed", "removed"):
        op.execute(f"DROP TRIGGER identity_person_last_owner_{happening} ON identity_person")
    op.execute("DROP FUNCTION identity_keep_an_owner")
    op.drop_constraint(op.f("ck_identity_person_deleted_is_inactive"), "identity_person", type_="check")
    op.drop_column("identity_person", "deleted_at")
    for holder in HOLDERS:
        table = f"identity_{holder}"
        op.drop_index(op.f(f"ix_{table}_role"), table)
        op.drop_constraint(op.f(f"fk_{table}_role"), table, type_="foreignkey")
        op.execute(f"UPDATE {table} SET role = 'cashier' WHERE NOT {OLD_ROLES}")  # noqa: S608  constants of this file
        op.create_check_constraint(op.f(f"ck_{table}_role_known"), table, OLD_ROLES)
    op.drop_table("identity_role")


def _create_role() -> None:
    names: list[sa.Column[object]] = [
        sa.Column(name, ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False) for name in RIGHTS
    ]
    moments: list[sa.Column[object]] = [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
        for name in ("created_at", "updated_at")
    ]
    role = op.create_table(
        "identity_role",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("is_built_in", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *names,
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        *moments,
        sa.CheckConstraint("key ~ '^[a-z][a-z0-9_]{0,39}$'", name=op.f("ck_identity_role_key_is_plain")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_identity_role")),
    )
    op.bulk_insert(role, [{"key": key, "title": title, "is_built_in": True} for key, title in BUILT_IN])


# What a role holds, and which permissions it has been asked about: those are never granted by themselves again.
RIGHTS = ("permissions", "known_permissions")
