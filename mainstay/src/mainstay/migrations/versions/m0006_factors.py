"""Second factors, sign-ins in two steps, and which roles need a second factor."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mainstay.db.migrate import run_script

revision: str = "m0006"
down_revision: str | None = "m0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# In the order in which they are dropped.
TABLES = (
    "identity_challenge",
    "identity_pending_sign_in",
    "identity_factor_policy",
    "identity_factor_try",
    "identity_passkey",
    "identity_recovery_code",
    "identity_totp",
)


def upgrade() -> None:
    """Create the tables and the function that counts tries; sessions remember when a second factor was given."""
    op.add_column("identity_session", _moment("factor_at", default=None, is_optional=True))
    _create_totp()
    _create_recovery_code()
    _create_passkey()
    _create_factor_try()
    op.create_table(
        "identity_factor_policy",
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role"], ["identity_role.key"], name=op.f("fk_identity_factor_policy_role"), ondelete="CASCADE"
        ),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_identity_factor_policy")),
    )
    _create_pending_sign_in()
    _create_challenge()
    run_script(("mainstay.migrations.sql", "identity_factor_try_1.sql"))


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP FUNCTION identity_begin_factor_try")
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("identity_session", "factor_at")


def _moment(name: str, *, default: str | None = "now()", is_optional: bool = False) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=default and sa.text(default), nullable=is_optional
    )


def _of_person(table: str) -> tuple[sa.Column[object], sa.ForeignKeyConstraint]:
    """Return the column that names a person and its reference: what is a person's goes with the person."""
    name = op.f(f"fk_{table}_person_id")
    reference = sa.ForeignKeyConstraint(["person_id"], ["identity_person.id"], name=name, ondelete="CASCADE")
    return sa.Column("person_id", sa.Uuid(), nullable=False), reference


def _create_totp() -> None:
    op.create_table(
        "identity_totp",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of_person("identity_totp"),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _moment("created_at"),
        _moment("confirmed_at", default=None, is_optional=True),
        _moment("last_used_at", default=None, is_optional=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_totp")),
    )
    op.create_index(op.f("ix_identity_totp_person_id"), "identity_totp", ["person_id"])
    for name, condition in (("begun", "confirmed_at IS NULL"), ("counting", "confirmed_at IS NOT NULL")):
        op.create_index(
            f"uq_identity_totp_{name}", "identity_totp", ["person_id"], unique=True, postgresql_where=sa.text(condition)
        )


def _create_recovery_code() -> None:
    op.create_table(
        "identity_recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of_person("identity_recovery_code"),
        sa.Column("selector", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        _moment("created_at"),
        _moment("used_at", default=None, is_optional=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_recovery_code")),
    )
    op.create_index(
        op.f("ix_identity_recovery_code_person_id_selector"),
        "identity_recovery_code",
        ["person_id", "selector"],
        unique=True,
    )


def _create_passkey() -> None:
    op.create_table(
        "identity_passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_of_person("identity_passkey"),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        _moment("created_at"),
        _moment("last_used_at", default=None, is_optional=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_identity_passkey_sign_count_counts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_identity_passkey_credential_id")),
    )
    op.create_index(op.f("ix_identity_passkey_person_id"), "identity_passkey", ["person_id"])


def _create_factor_try() -> None:
    op.create_table(
        "identity_factor_try",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *_of_person("identity_factor_try"),
        _moment("tried_at", default="clock_timestamp()"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_factor_try")),
    )
    op.create_index(op.f("ix_identity_factor_try_person_id_tried_at"), "identity_factor_try", ["person_id", "tried_at"])


def _create_pending_sign_in() -> None:
    op.create_table(
        "identity_pending_sign_in",
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        *_of_person("identity_pending_sign_in"),
        sa.Column("ends_with_browser", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        _moment("created_at"),
        _moment("expires_at", default=None),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_identity_pending_sign_in")),
    )
    for column in ("person_id", "expires_at"):
        op.create_index(op.f(f"ix_identity_pending_sign_in_{column}"), "identity_pending_sign_in", [column])


def _create_challenge() -> None:
    op.create_table(
        "identity_challenge",
        sa.Column("bound_to", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        _moment("expires_at", default=None),
        sa.PrimaryKeyConstraint("bound_to", "purpose", name=op.f("pk_identity_challenge")),
    )
    op.create_index(op.f("ix_identity_challenge_expires_at"), "identity_challenge", ["expires_at"])
