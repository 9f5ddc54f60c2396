"""Notifications of people, how they want them, and addresses that mail does not reach."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "m0024"
down_revision: str | None = "m0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def _person() -> sa.Column[object]:
    return sa.Column("person_id", sa.Uuid(), nullable=False)


def _keys(table: str, *key: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["identity_person.id"],
            name=op.f(f"fk_{table}_person_id_identity_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )


def _moment(name: str, *, is_known: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if is_known else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=not is_known)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "notifications_item",
        _person(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("once", sa.Text(), nullable=True),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        _moment("created_at", is_known=True),
        _moment("read_at"),
        _moment("removed_at"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "mail IN ('off', 'sent', 'digest', 'digested', 'unreachable')",
            name=op.f("ck_notifications_item_mail_known"),
        ),
        *_keys("notifications_item", "id"),
    )
    op.create_index(
        op.f("ix_notifications_item_person_id_created_at_id"), "notifications_item", ["person_id", "created_at", "id"]
    )
    op.create_index(
        "ix_notifications_item_unread",
        "notifications_item",
        ["person_id"],
        postgresql_where=sa.text("in_app AND read_at IS NULL AND removed_at IS NULL"),
    )
    op.create_index(
        "ix_notifications_item_digest",
        "notifications_item",
        ["person_id", "created_at"],
        postgresql_where=sa.text("mail = 'digest'"),
    )
    op.create_index(
        "uq_notifications_item_once",
        "notifications_item",
        ["person_id", "kind", "once"],
        unique=True,
        postgresql_where=sa.text("once IS NOT NULL"),
    )
    op.create_table(
        "notifications_preference",
        _person(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.CheckConstraint("mail IN ('now', 'digest', 'off')", name=op.f("ck_notifications_preference_mail_known")),
        *_keys("notifications_preference", "person_id", "kind"),
    )
    op.create_table(
        "notifications_reader",
        _person(),
        sa.Column("digest_hour", sa.SmallInteger(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.CheckConstraint("digest_hour BETWEEN 0 AND 23", name=op.f("ck_notifications_reader_hour_of_a_day")),
        *_keys("notifications_reader", "person_id"),
    )
    op.create_table(
        "notifications_bounce",
        _person(),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=True),
        _moment("since", is_known=True),
        *_keys("notifications_bounce", "person_id"),
    )


def downgrade() -> None:
    """Drop them, with what people were told and chose."""
    for table in ("bounce", "reader", "preference", "item"):
        op.drop_table(f"notifications_{table}")
