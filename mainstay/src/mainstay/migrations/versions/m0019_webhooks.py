"""Webhooks: subscriptions, deliveries, tries, sources and their messages; and a way out of the log of events."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from mainstay.db.migrate import append_only, run_script

revision: str = "m0019"
down_revision: str | None = "m0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

NOW = sa.text("now()")
WAITING = sa.text("state = 'waiting'")
# Set by the function that forgets, for as long as it deletes.
IS_FORGETTING = "current_setting('mainstay.forgetting', true) = 'on'"
FIX_SEARCH_PATH = """
DO $$
DECLARE
    name regprocedure;
BEGIN
    FOREACH name IN ARRAY
        ARRAY['mainstay_forget_events(timestamptz, bigint, bigint)', 'webhooks_renumber()']::regprocedure[]
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
    END LOOP;
END
$$
"""


def upgrade() -> None:
    """Create the tables, and the function by which events leave the log."""
    _create_subscription()
    op.create_table(
        "webhooks_cursor",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_webhooks_cursor_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks_cursor")),
    )
    _create_delivery()
    _create_attempt()
    _create_source()
    _create_received()
    _guard_log(unless=IS_FORGETTING)
    run_script(("mainstay.migrations.sql", "forget_events_1.sql"))
    run_script(("mainstay.migrations.sql", "webhooks_renumber_1.sql"))
    run_script(FIX_SEARCH_PATH)


def downgrade() -> None:
    """Drop them; no event leaves the log any more."""
    op.execute("DROP FUNCTION webhooks_renumber")
    op.execute("DROP FUNCTION mainstay_forget_events")
    _guard_log()
    for table in ("received", "source", "attempt", "delivery", "cursor", "subscription"):
        op.drop_table(f"webhooks_{table}")


def _guard_log(*, unless: str | None = None) -> None:
    op.execute("DROP TRIGGER mainstay_event_append_only ON mainstay_event")
    op.execute("DROP TRIGGER mainstay_event_no_truncate ON mainstay_event")
    append_only("mainstay_event", unless=unless)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _moment(name: str, *, nullable: bool = False, is_now: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=NOW if is_now else None, nullable=nullable)


def _secrets() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("former_sealed", sa.LargeBinary(), nullable=True),
        _moment("former_until", nullable=True),
    )


def _former(table: str) -> sa.CheckConstraint:
    name = op.f(f"ck_{table}_former_until_a_moment")
    return sa.CheckConstraint("(former_sealed IS NULL) = (former_until IS NULL)", name=name)


def _create_subscription() -> None:
    op.create_table(
        "webhooks_subscription",
        _id(),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("events", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("filters", postgresql.JSONB(), nullable=False),
        *_secrets(),
        sa.Column("state", sa.Text(), server_default=sa.text("'active'"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("failing_since", nullable=True),
        _moment("resting_until", is_now=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        _moment("created_at", is_now=True),
        sa.CheckConstraint(
            "state IN ('active', 'paused', 'disabled')", name=op.f("ck_webhooks_subscription_state_known")
        ),
        sa.CheckConstraint("cardinality(events) > 0", name=op.f("ck_webhooks_subscription_wants_something")),
        _former("webhooks_subscription"),
        sa.CheckConstraint(
            "(state = 'disabled') = (reason IS NOT NULL)", name=op.f("ck_webhooks_subscription_disabled_for_a_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks_subscription")),
    )


def _create_delivery() -> None:
    op.create_table(
        "webhooks_delivery",
        _id(),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_name", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment("next_at", is_now=True),
        _moment("wanted_at", is_now=True),
        _moment("created_at", is_now=True),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'delivered', 'given_up')", name=op.f("ck_webhooks_delivery_state_known")
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state = 'waiting')", name=op.f("ck_webhooks_delivery_ended_unless_waiting")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["webhooks_subscription.id"],
            name=op.f("fk_webhooks_delivery_subscription_id_webhooks_subscription"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks_delivery")),
        sa.UniqueConstraint("subscription_id", "event_id", name=op.f("uq_webhooks_delivery_subscription_id_event_id")),
    )
    table = "webhooks_delivery"
    op.create_index(
        op.f("ix_webhooks_delivery_subscription_id_created_at_id"), table, ["subscription_id", "created_at", "id"]
    )
    op.create_index("ix_webhooks_delivery_waiting", table, ["subscription_id", "position"], postgresql_where=WAITING)
    op.create_index(
        "ix_webhooks_delivery_waiting_object",
        table,
        ["subscription_id", "object_key", "position"],
        postgresql_where=WAITING,
    )


def _create_attempt() -> None:
    op.create_table(
        "webhooks_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        _moment("tried_at", is_now=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["webhooks_delivery.id"],
            name=op.f("fk_webhooks_attempt_delivery_id_webhooks_delivery"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks_attempt")),
    )
    op.create_index(op.f("ix_webhooks_attempt_delivery_id_id"), "webhooks_attempt", ["delivery_id", "id"])


def _create_source() -> None:
    op.create_table(
        "webhooks_source",
        _id(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        *_secrets(),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        _moment("created_at", is_now=True),
        _former("webhooks_source"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks_source")),
        sa.UniqueConstraint("name", name=op.f("uq_webhooks_source_name")),
    )


def _create_received() -> None:
    op.create_table(
        "webhooks_received",
        _id(),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        _moment("signed_at"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _moment("received_at", is_now=True),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["webhooks_source.id"],
            name=op.f("fk_webhooks_received_source_id_webhooks_source"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks_received")),
        sa.UniqueConstraint("source_id", "message_id", name=op.f("uq_webhooks_received_source_id_message_id")),
    )
    op.create_index(op.f("ix_webhooks_received_received_at"), "webhooks_received", ["received_at"])
