"""Files of records, the pieces in which they come, and the smaller forms of pictures."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0025"
down_revision: str | None = "m0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

NOW = sa.text("now()")


def upgrade() -> None:
    """Create the tables."""
    _create_file()
    op.create_table(
        "files_piece",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        _of_file("files_piece"),
        sa.PrimaryKeyConstraint("file_id", "start", name=op.f("pk_files_piece")),
    )
    op.create_table(
        "files_form",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.CheckConstraint("name IN ('thumbnail', 'screen')", name=op.f("ck_files_form_name_known")),
        _of_file("files_form"),
        sa.PrimaryKeyConstraint("file_id", "name", name=op.f("pk_files_form")),
    )


def downgrade() -> None:
    """Drop them; the bytes stay where they lie."""
    for table in ("form", "piece", "file"):
        op.drop_table(f"files_{table}")


def _of_file(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_file_id_files_file")
    return sa.ForeignKeyConstraint(["file_id"], ["files_file.id"], name=name, ondelete="CASCADE")


def _check(name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_files_file_{name}"))


def _create_file() -> None:
    op.create_table(
        "files_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_kind", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default=sa.text("'receiving'"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("scan", sa.Text(), server_default=sa.text("'none'"), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("turn", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_by_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        _check("state_known", "state IN ('receiving', 'quarantined', 'ready', 'refused')"),
        _check("scan_known", "scan IN ('none', 'waiting', 'clean', 'infected')"),
        _check("refused_for_a_reason", "(state = 'refused') = (reason IS NOT NULL)"),
        _check("whole_has_a_key", "(state IN ('quarantined', 'ready')) = (key IS NOT NULL)"),
        _check("received_within_size", "received >= 0 AND received <= size"),
        _check("turn_known", "turn IN (0, 90, 180, 270)"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files_file")),
    )
    name = op.f("ix_files_file_owner_kind_owner_id_created_at_id")
    op.create_index(name, "files_file", ["owner_kind", "owner_id", "created_at", "id"])
    op.create_index("ix_files_file_unready", "files_file", ["created_at"], postgresql_where=sa.text("state <> 'ready'"))
