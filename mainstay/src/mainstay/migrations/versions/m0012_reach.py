"""How far people reach: the places that they are limited to, and whose records a role sees."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision: str = "m0012"
down_revision: str | None = "m0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

HOLDERS = ("identity_person", "identity_invitation")


def upgrade() -> None:
    """Add the columns; nobody is limited yet."""
    for table in HOLDERS:
        op.add_column(table, sa.Column("place_ids", ARRAY(sa.Uuid()), nullable=True))
        op.create_check_constraint(op.f(f"ck_{table}_limited_to_something"), table, "cardinality(place_ids) > 0")
    op.create_check_constraint(
        op.f("ck_identity_person_owner_everywhere"), "identity_person", "role <> 'owner' OR place_ids IS NULL"
    )
    op.add_column("identity_role", sa.Column("extents", JSONB(), server_default=sa.text("'{}'"), nullable=False))
    op.create_check_constraint(
        op.f("ck_identity_role_extents_known"),
        "identity_role",
        """NOT jsonb_path_exists(extents, '$.* ? (@ != "own" && @ != "team")')""",
    )


def downgrade() -> None:
    """Take them away; who was limited is not allowed in any more, because they would reach everything."""
    op.execute(
        """
        UPDATE identity_person SET is_active = false
        WHERE place_ids IS NOT NULL OR role IN (SELECT key FROM identity_role WHERE extents <> '{}')
        """
    )
    op.execute("DELETE FROM identity_invitation WHERE place_ids IS NOT NULL AND accepted_at IS NULL")
    op.drop_constraint(op.f("ck_identity_role_extents_known"), "identity_role", type_="check")
    op.drop_column("identity_role", "extents")
    op.drop_constraint(op.f("ck_identity_person_owner_everywhere"), "identity_person", type_="check")
    for table in HOLDERS:
        op.drop_constraint(op.f(f"ck_{table}_limited_to_something"), table, type_="check")
        op.drop_column(table, "place_ids")
