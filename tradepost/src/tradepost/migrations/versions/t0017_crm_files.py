"""Files of contacts: how their columns are read, what of rejected entries can be mended, and that reading failed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "t0017"
down_revision: str | None = "t0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the columns; files that came before were read as their headings say."""
    op.add_column("crm_import", sa.Column("mapping", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("crm_import", sa.Column("has_header", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("crm_import", sa.Column("columns", sa.ARRAY(sa.Text()), nullable=True))
    op.add_column("crm_import", sa.Column("problem_code", sa.Text(), nullable=True))
    op.add_column("crm_import", sa.Column("problem", sa.Text(), nullable=True))
    op.drop_constraint(op.f("ck_crm_import_state_known"), "crm_import")
    op.create_check_constraint(
        op.f("ck_crm_import_state_known"), "crm_import", "state IN ('waiting', 'done', 'failed')"
    )
    op.create_check_constraint(
        op.f("ck_crm_import_failed_with_problem"),
        "crm_import",
        "num_nonnulls(problem_code, problem) = CASE state WHEN 'failed' THEN 2 ELSE 0 END",
    )
    op.drop_index(op.f("ix_crm_import_sha256"), "crm_import")
    op.create_index(
        op.f("ix_crm_import_sha256_mapping_has_header"),
        "crm_import",
        ["sha256", "mapping", "has_header"],
        unique=True,
    )
    op.add_column("crm_import_row", sa.Column("cells", sa.ARRAY(sa.Text()), nullable=True))
    op.create_check_constraint(
        op.f("ck_crm_import_row_cells_of_rejected"), "crm_import_row", "outcome = 'rejected' OR cells IS NULL"
    )


def downgrade() -> None:
    """Drop them, and the imports of files that were read in another way as well."""
    op.drop_column("crm_import_row", "cells")
    op.execute("UPDATE crm_import SET state = 'waiting', problem_code = NULL, problem = NULL WHERE state = 'failed'")
    op.drop_constraint(op.f("ck_crm_import_state_known"), "crm_import")
    op.create_check_constraint(op.f("ck_crm_import_state_known"), "crm_import", "state IN ('waiting', 'done')")
    op.execute(
        "DELETE FROM crm_import_row USING crm_import AS import"
        " WHERE import_id = import.id AND (mapping <> '' OR NOT has_header)"
    )
    op.execute("DELETE FROM crm_import WHERE mapping <> '' OR NOT has_header")
    op.drop_index(op.f("ix_crm_import_sha256_mapping_has_header"), "crm_import")
    op.create_index(op.f("ix_crm_import_sha256"), "crm_import", ["sha256"], unique=True)
    for column in ("problem", "problem_code", "columns", "has_header", "mapping"):
        op.drop_column("crm_import", column)
