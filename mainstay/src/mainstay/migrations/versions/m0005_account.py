"""My account: what a session knows of its device, allowances of known devices, and links that reset a password."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mainstay.db.migrate import run_script

revision: str = "m0005"
down_revision: str | None = "m0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the columns and the table, and count attempts by device too."""
    _add_columns()
    _create_reset()
    _add_devices()
    op.execute("DROP FUNCTION identity_begin_attempt")
    run_script(("mainstay.migrations.sql", "identity_attempt_2.sql"))


def downgrade() -> None:
    """Take them away again, and count attempts as before."""
    op.execute("DROP FUNCTION identity_begin_attempt")
    run_script(("mainstay.migrations.sql", "identity_attempt_1.sql"))
    # What known devices tried would count against everybody now.
    op.execute("DELETE FROM identity_attempt WHERE device_digest IS NOT NULL")
    op.drop_index(op.f("ix_identity_attempt_attempted_at"), "identity_attempt")
    op.drop_index(op.f("ix_identity_attempt_device_digest_attempted_at"), "identity_attempt")
    op.drop_column("identity_attempt", "device_digest")
    op.drop_table("identity_reset")
    for column in ("address", "user_agent", "ends_with_browser"):
        op.drop_column("identity_session", column)
    op.drop_column("identity_person", "password_changed_at")


def _moment(name: str, *, default: str | None = "now()", is_optional: bool = False) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=default and sa.text(default), nullable=is_optional
    )


def _add_columns() -> None:
    op.add_column("identity_person", _moment("password_changed_at"))
    # Of passwords that were chosen before, the day of joining is the best that is known.
    op.execute("UPDATE identity_person SET password_changed_at = created_at")
    for name in ("address", "user_agent"):
        op.add_column("identity_session", sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column(
        "identity_session",
        sa.Column("ends_with_browser", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def _create_reset() -> None:
    op.create_table(
        "identity_reset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        _moment("created_at"),
        _moment("expires_at", default=None),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity_person.id"], name=op.f("fk_identity_reset_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["identity_person.id"], name=op.f("fk_identity_reset_created_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_reset")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_identity_reset_token_digest")),
        sa.UniqueConstraint("person_id", name=op.f("uq_identity_reset_person_id")),
    )
    op.create_index(op.f("ix_identity_reset_created_by"), "identity_reset", ["created_by"])


def _add_devices() -> None:
    op.add_column("identity_attempt", sa.Column("device_digest", sa.LargeBinary(), nullable=True))
    op.create_index(
        op.f("ix_identity_attempt_device_digest_attempted_at"), "identity_attempt", ["device_digest", "attempted_at"]
    )
    op.create_index(op.f("ix_identity_attempt_attempted_at"), "identity_attempt", ["attempted_at"])
