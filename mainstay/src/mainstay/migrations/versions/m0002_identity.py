"""People, sessions, invitations and sign-in attempts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mainstay.db.migrate import run_script

revision: str = "m0002"
down_revision: str | None = "m0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ROLE_IS_KNOWN = "role IN ('owner', 'cashier')"


def upgrade() -> None:
    """Create the tables and the function that counts attempts."""
    _create_person()
    _create_session()
    _create_invitation()
    _create_attempt()
    run_script(("mainstay.migrations.sql", "identity_attempt_1.sql"))


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP FUNCTION identity_begin_attempt")
    for table in ("identity_attempt", "identity_invitation", "identity_session", "identity_person"):
        op.drop_table(table)


def _moment(name: str, *, default: str | None = "now()", is_optional: bool = False) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=default and sa.text(default), nullable=is_optional
    )


def _create_person() -> None:
    op.create_table(
        "identity_person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint(ROLE_IS_KNOWN, name=op.f("ck_identity_person_role_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_person")),
        sa.UniqueConstraint("email_key", name=op.f("uq_identity_person_email_key")),
    )
    op.create_index(op.f("ix_identity_person_created_at_id"), "identity_person", ["created_at", "id"])


def _create_session() -> None:
    op.create_table(
        "identity_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _moment("last_seen_at"),
        _moment("expires_at", default=None),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["identity_person.id"],
            name=op.f("fk_identity_session_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_session")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_identity_session_token_digest")),
    )
    op.create_index(op.f("ix_identity_session_person_id"), "identity_session", ["person_id"])
    op.create_index(op.f("ix_identity_session_expires_at"), "identity_session", ["expires_at"])


def _create_invitation() -> None:
    op.create_table(
        "identity_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("is_first_owner", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        _moment("created_at"),
        _moment("expires_at", default=None),
        _moment("accepted_at", default=None, is_optional=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(ROLE_IS_KNOWN, name=op.f("ck_identity_invitation_role_known")),
        sa.CheckConstraint(
            "is_first_owner = (created_by IS NULL)", name=op.f("ck_identity_invitation_first_owner_uninvited")
        ),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by IS NULL)", name=op.f("ck_identity_invitation_accepted_by_somebody")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["identity_person.id"], name=op.f(f"fk_identity_invitation_{column}"))
            for column in ("created_by", "accepted_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_invitation")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_identity_invitation_token_digest")),
    )
    op.create_index(op.f("ix_identity_invitation_created_by"), "identity_invitation", ["created_by"])
    op.create_index(op.f("ix_identity_invitation_accepted_by"), "identity_invitation", ["accepted_by"])
    op.create_index(
        "uq_identity_invitation_is_first_owner",
        "identity_invitation",
        ["is_first_owner"],
        unique=True,
        postgresql_where=sa.text("is_first_owner"),
    )


def _create_attempt() -> None:
    op.create_table(
        "identity_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_digest", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        _moment("attempted_at", default="clock_timestamp()"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_attempt")),
    )
    for columns in (["account_digest", "attempted_at"], ["address", "attempted_at"]):
        op.create_index(op.f(f"ix_identity_attempt_{'_'.join(columns)}"), "identity_attempt", columns)
