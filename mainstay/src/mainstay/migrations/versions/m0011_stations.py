"""Shared devices, PINs, and approvals that were given by PIN; sessions know the device they began on by PIN."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0011"
down_revision: str | None = "m0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the tables and the column."""
    _create_station()
    op.create_table(
        "identity_pin",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("pin_sealed", sa.LargeBinary(), nullable=False),
        _moment("changed_at", is_now=True),
        _reference("identity_pin", "person_id", "identity_person", "CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_identity_pin")),
    )
    _create_approval()
    op.add_column("identity_session", sa.Column("station_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_identity_session_station_id"),
        "identity_session",
        "identity_station",
        ["station_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index(op.f("ix_identity_session_station_id"), "identity_session", ["station_id"])


def downgrade() -> None:
    """Drop them; sessions that began by PIN end, because nothing would limit them any more."""
    op.execute("DELETE FROM identity_session WHERE station_id IS NOT NULL")
    op.drop_column("identity_session", "station_id")
    for table in ("identity_approval", "identity_pin", "identity_station"):
        op.drop_table(table)


def _moment(name: str, *, is_now: bool = False, is_optional: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if is_now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=is_optional)


def _reference(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _create_station() -> None:
    op.create_table(
        "identity_station",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        _moment("created_at", is_now=True),
        _moment("last_used_at", is_optional=True),
        _reference("identity_station", "created_by", "identity_person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_station")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_identity_station_token_digest")),
    )
    op.create_index(op.f("ix_identity_station_place_id"), "identity_station", ["place_id"])
    op.create_index(op.f("ix_identity_station_created_by"), "identity_station", ["created_by"])


def _create_approval() -> None:
    references = {"station_id": "identity_station", "requester_id": "identity_person", "approver_id": "identity_person"}
    op.create_table(
        "identity_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("object_type", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("content_digest", sa.LargeBinary(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=False) for column in references),
        _moment("created_at", is_now=True),
        _moment("expires_at"),
        _moment("used_at", is_optional=True),
        sa.CheckConstraint("approver_id <> requester_id", name=op.f("ck_identity_approval_nobodys_own")),
        sa.CheckConstraint("used_at <= expires_at", name=op.f("ck_identity_approval_used_in_time")),
        *(_reference("identity_approval", column, target, "CASCADE") for column, target in references.items()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_approval")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_identity_approval_token_digest")),
    )
    for column in (*references, "expires_at"):
        op.create_index(op.f(f"ix_identity_approval_{column}"), "identity_approval", [column])
