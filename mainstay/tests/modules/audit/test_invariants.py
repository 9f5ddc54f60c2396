"""What holds of the audit trail, in SQL: the hashes are those that sealing makes, whatever was written into an act."""

from uuid import UUID

import pytest

from mainstay.messages.audit import Entry
from mainstay.modules.audit.invariants import CHAIN_IS_WHOLE, EVERY_ACT_HAS_A_PLACE, HEAD
from mainstay.modules.audit.service.chain import seal
from mainstay.testing.database import as_owner
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

# Whatever JSON writes in a way of its own, and what it does not.
AWKWARD = 'мир "q" \\ / \t \n \r \b \f \x01 \x1f \x7f \u2028 é 👍 <&>'


async def broken(uow: UnitOfWork, statement: str) -> list[object]:
    return [row["name"] for row in await uow.read(f"SELECT name FROM ({statement}) AS broken (name) ORDER BY 1")]


@pytest.fixture
async def sealed(open_work: WorkOpener, uow: UnitOfWork) -> None:
    """Three acts in the chain, and one that waits."""
    for name in ("one", AWKWARD, str(UUID(int=5))):
        async with open_work(SYSTEM) as work:
            work.record(Entry("sample.note_changed", "sample.note", name, new={"text": name}, reason=AWKWARD))
    await seal(uow)
    async with open_work(SYSTEM) as work:
        work.record(Entry("sample.note_changed", "sample.note", None))


@pytest.mark.usefixtures("sealed")
async def test_they_hold_for_what_was_sealed(uow: UnitOfWork) -> None:
    assert await broken(uow, CHAIN_IS_WHOLE.broken) == []
    assert await broken(uow, EVERY_ACT_HAS_A_PLACE.broken) == []
    row = await uow.read_row(f"SELECT ({HEAD.value}) AS value")
    assert row is not None
    assert row["value"].startswith("3:")


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize(
    ("change", "chain", "place"),
    [
        ("UPDATE audit_entry SET object_id = 'two' WHERE object_id = 'one'", [1], []),
        ("UPDATE audit_link SET previous = sha256('x') WHERE sequence = 2", [2], []),
        ("DELETE FROM audit_link WHERE sequence = 2", [3], [2]),
        ("DELETE FROM audit_pending", [], [4]),
    ],
)
async def test_they_break_when_the_trail_is_altered(
    uow: UnitOfWork, change: str, chain: list[int], place: list[int]
) -> None:
    async with as_owner(uow):
        for table in ("audit_entry", "audit_link"):
            await uow.write(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        await uow.write(change)

    assert await broken(uow, CHAIN_IS_WHOLE.broken) == chain
    found = await broken(uow, EVERY_ACT_HAS_A_PLACE.broken)
    assert len(found) == len(place)
