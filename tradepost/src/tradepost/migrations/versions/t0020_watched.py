"""Watch the tables from which answers are kept."""

from collections.abc import Sequence

from mainstay.db.topics import unwatch, watch

revision: str = "t0020"
down_revision: str | None = "t0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLES = ("shop_business", "shop_store", "shop_tax_rate", "tagging_link", "tagging_tag")


def upgrade() -> None:
    """Have changes of the tables marked."""
    for table in TABLES:
        watch(table)


def downgrade() -> None:
    """Mark them no longer."""
    for table in TABLES:
        unwatch(table)
