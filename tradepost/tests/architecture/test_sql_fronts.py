"""A statement names the tables of its own module, and of modules below only what they offer in SQL."""

import pytest

from tools.process import ROOT
from tools.sql_fronts import check
from tools.tree import findings
from tools.working_copy import WorkingCopy

PRODUCT = "tradepost/src/tradepost"


def test_the_repository_keeps_the_walls_in_sql() -> None:
    assert findings(ROOT, check) == []


@pytest.mark.parametrize(
    ("module", "sql", "finding"),
    [
        (
            "pos",
            "SELECT * FROM catalog_variant",
            "catalog_variant belongs to catalog and is none of its SQL front doors",
        ),
        (
            "pos",
            "UPDATE\n    stock_level SET on_hand = 0",
            "stock_level belongs to stock and is none of its SQL front doors",
        ),
        ("insight", "SELECT * FROM pos_sale JOIN pos_sale_line USING (id)", "pos_sale belongs to pos"),
        ("shop", "SELECT catalog_sellable($1)", "catalog_sellable belongs to catalog, which stands above shop"),
        ("catalog", "DELETE FROM identity_session", "identity_session belongs to identity"),
    ],
)
def test_a_foreign_name_is_found(copy: WorkingCopy, module: str, sql: str, finding: str) -> None:
    path = copy.root / PRODUCT / module / "repository.py"
    path.write_text(f'"""Statements."""\n\nSQL = """{sql}"""\n', encoding="utf-8")
    found = list(check(copy.root, path))
    assert found
    assert finding in found[0]
    assert found[0].startswith("3: ")


@pytest.mark.parametrize(
    ("module", "sql"),
    [
        ("pos", "INSERT INTO pos_sale SELECT * FROM catalog_sellable JOIN shop_selling_store ON true"),
        ("stock", "SELECT mainstay_publish($1)"),
        ("stock", "WITH stock_given AS (SELECT 1) SELECT * FROM stock_given"),
    ],
)
def test_own_tables_and_front_doors_pass(copy: WorkingCopy, module: str, sql: str) -> None:
    path = copy.root / PRODUCT / module / "repository.py"
    path.write_text(f'"""Statements."""\n\nSQL = """{sql}"""\n', encoding="utf-8")
    assert list(check(copy.root, path)) == []
