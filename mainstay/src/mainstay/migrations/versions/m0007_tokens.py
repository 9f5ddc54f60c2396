"""Signing keys, families of refresh tokens, and API keys."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0007"
down_revision: str | None = "m0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the tables."""
    _create_signing_key()
    _create_token_family()
    _create_refresh_token()
    _create_api_key()


def downgrade() -> None:
    """Drop them."""
    for table in ("identity_api_key", "identity_refresh_token", "identity_token_family", "identity_signing_key"):
        op.drop_table(table)


def _moment(name: str, *, is_now: bool = False, is_optional: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if is_now else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=default, nullable=is_optional)


def _reference(table: str, column: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _create_signing_key() -> None:
    op.create_table(
        "identity_signing_key",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("private_key_sealed", sa.LargeBinary(), nullable=True),
        _moment("created_at", is_now=True),
        _moment("retired_at", is_optional=True),
        sa.CheckConstraint("octet_length(public_key) = 32", name=op.f("ck_identity_signing_key_public_key_whole")),
        sa.CheckConstraint(
            "(private_key_sealed IS NULL) = (retired_at IS NOT NULL)",
            name=op.f("ck_identity_signing_key_one_half_when_retired"),
        ),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_identity_signing_key")),
    )
    op.create_index(
        "uq_identity_signing_key_signs",
        "identity_signing_key",
        [sa.text("(true)")],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )


def _create_token_family() -> None:
    op.create_table(
        "identity_token_family",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        _moment("created_at", is_now=True),
        _moment("last_used_at", is_now=True),
        _moment("expires_at"),
        _reference("identity_token_family", "person_id", "identity_person", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_token_family")),
    )
    for column in ("person_id", "expires_at"):
        op.create_index(op.f(f"ix_identity_token_family_{column}"), "identity_token_family", [column])


def _create_refresh_token() -> None:
    op.create_table(
        "identity_refresh_token",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        _moment("created_at", is_now=True),
        _moment("spent_at", is_optional=True),
        sa.Column("is_repeated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(
            "NOT is_repeated OR spent_at IS NOT NULL", name=op.f("ck_identity_refresh_token_repeated_when_spent")
        ),
        _reference("identity_refresh_token", "family_id", "identity_token_family", "CASCADE"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_identity_refresh_token")),
    )
    op.create_index(op.f("ix_identity_refresh_token_family_id"), "identity_refresh_token", ["family_id"])


def _create_api_key() -> None:
    op.create_table(
        "identity_api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("permissions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        _moment("created_at", is_now=True),
        _moment("expires_at"),
        _moment("last_used_at", is_optional=True),
        sa.CheckConstraint("cardinality(permissions) > 0", name=op.f("ck_identity_api_key_permits_something")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_identity_api_key_lives_for_a_while")),
        _reference("identity_api_key", "person_id", "identity_person", "CASCADE"),
        _reference("identity_api_key", "created_by", "identity_person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_api_key")),
        sa.UniqueConstraint("digest", name=op.f("uq_identity_api_key_digest")),
    )
    for columns in (["person_id"], ["created_by"], ["created_at", "id"]):
        op.create_index(op.f(f"ix_identity_api_key_{'_'.join(columns)}"), "identity_api_key", columns)
