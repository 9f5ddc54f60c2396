"""A module's statements stand in its repository, for which a double can stand, and name what they may."""

from typing import Any
from uuid import UUID

import pytest

from mainstay import ids
from mainstay.work import UnitOfWork
from tools.process import ROOT
from tools.sql_fronts import RUNS, check
from tools.tree import findings
from tools.working_copy import WorkingCopy
from tradepost.tagging import service
from tradepost.tagging.errors import IdReused, NameTaken, UnknownTag
from tradepost.tagging.schemas import TagIn

PRODUCT = "tradepost/src/tradepost"


@pytest.mark.practice(38)
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


@pytest.mark.practice(38)
@pytest.mark.parametrize(
    ("code", "finding"),
    [
        ('SQL = "SELECT 1"', "3: a statement belongs in the module's repository"),
        ('SQL = f"""\n  DELETE FROM {1}"""', "a statement belongs in"),
        ("async def find(uow): await uow.read_row(X)", "3: uow.read_row belongs in the module's repository"),
        ("async def find(uow): await uow.session()", "3: uow.session belongs in the module's repository"),
    ],
)
@pytest.mark.parametrize("file", ["service.py", "routes.py", "jobs/tidying.py"])
def test_a_query_outside_of_the_repository_is_found(copy: WorkingCopy, file: str, code: str, finding: str) -> None:
    path = copy.root / PRODUCT / "stock" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'"""Rules."""\n\n{code}\n', encoding="utf-8")
    assert finding in "\n".join(check(copy.root, path))


class Shelf:
    """A double of the repository of tags: it has them in memory."""

    def __init__(self) -> None:
        self.tags: dict[UUID, dict[str, Any]] = {}

    async def number(self, _uow: UnitOfWork) -> int:
        return len(self.tags)

    async def add_one(self, _uow: UnitOfWork, wanted: TagIn) -> bool:
        if wanted.id in self.tags or any(tag["name"] == wanted.name for tag in self.tags.values()):
            return False
        self.tags[wanted.id] = wanted.model_dump() | {"version": 1, "count": 0}
        return True

    async def one(self, _uow: UnitOfWork, tag_id: UUID) -> dict[str, Any] | None:
        return self.tags.get(tag_id)

    async def named(self, _uow: UnitOfWork, _kind: str, _keys: list[str]) -> list[dict[str, Any]]:
        return list(self.tags.values())


@pytest.mark.practice(38)
async def test_a_double_stands_for_the_repository_and_the_service_asks_no_database(
    uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise AssertionError("the database was asked")

    for name in sorted(RUNS):
        monkeypatch.setattr(UnitOfWork, name, refuse)
    with pytest.raises(AssertionError, match="the database was asked"):
        await service.get_tag(uow, ids.new_id())
    monkeypatch.setattr(service, "repository", Shelf())
    wanted = TagIn(id=ids.new_id(), name="Supplier")

    made = await service.create_tag(uow, wanted)

    assert (made.name, made.version) == ("Supplier", 1)
    assert await service.create_tag(uow, wanted) == made == await service.get_tag(uow, wanted.id)
    with pytest.raises(IdReused):
        await service.create_tag(uow, TagIn(id=wanted.id, name="Another"))
    with pytest.raises(NameTaken):
        await service.create_tag(uow, TagIn(id=ids.new_id(), name="Supplier"))
    with pytest.raises(UnknownTag):
        await service.get_tag(uow, ids.new_id())


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
