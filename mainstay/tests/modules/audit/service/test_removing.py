"""Personal data go on request and old entries in time, and the chain still verifies; both are on record."""

import json

import asyncpg
import pytest
from trail import ADA_ID, NOTE, Export, Record

from mainstay.messages.audit import Entry
from mainstay.modules.audit import api
from mainstay.modules.audit.service.chain import Head, seal
from mainstay.modules.audit.service.removing import expire
from mainstay.modules.audit.service.verifying import verify
from mainstay.modules.audit.settings import AuditSettings
from mainstay.settings import Configuration
from mainstay.setup import Setup
from mainstay.testing.database import as_owner
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

CHANGED = Entry("identity.person_changed", "identity.person", ADA_ID, new={"name": "Ada"})
NOTED = Entry("sample.note_changed", "sample.note", NOTE, new={"text": "for Ada"})
AGE = "ALTER TABLE audit_entry ALTER COLUMN happened_at SET DEFAULT clock_timestamp() - interval '{}'"


async def let_pass(open_work: WorkOpener, interval: str) -> None:
    """Have entries from now on be as old as that: the moment of an entry is the database's."""
    async with open_work(SYSTEM) as work, as_owner(work):
        await work.write(AGE.format(interval))


async def sealed(open_work: WorkOpener) -> Head:
    async with open_work(SYSTEM) as work:
        return await seal(work)


async def expired(open_work: WorkOpener, years: int = 7) -> Head | None:
    settings = Configuration([AuditSettings(keep_years=years)])
    opener = WorkOpener(open_work.engine, open_work.subscriptions, setup=Setup(settings))
    async with opener(SYSTEM) as work:
        return await expire(work)


# -- erasure -----------------------------------------------------------------------------------------------------------


async def test_erasing_a_person_takes_their_name_and_what_is_about_them_and_keeps_the_chain(
    open_work: WorkOpener, record: Record, export_trail: Export
) -> None:
    """Rule 37: that they acted stays by id, who they were goes."""
    await record(CHANGED, NOTED)
    await sealed(open_work)

    async with open_work(SYSTEM) as work:
        assert await api.erase(work, "identity.person", ADA_ID) == 3

    lines, _ = await export_trail()
    assert "Ada" not in json.loads(lines[1])["private"]
    text = "".join(lines)
    assert '"name"' not in "".join(line for line in lines if f'"actor_id":"{ADA_ID}"' in line)
    assert "for Ada" in text
    assert str(ADA_ID) in text
    report = verify(lines)
    assert (report.findings, report.erased) == ([], 3)


async def test_erasing_a_thing_leaves_other_things_and_people_alone(
    open_work: WorkOpener, record: Record, uow: UnitOfWork
) -> None:
    await record(CHANGED, NOTED)

    async with open_work(SYSTEM) as work:
        assert await api.erase(work, "sample.note", NOTE) == 1

    parts = await uow.read("SELECT act, part FROM audit_private JOIN audit_entry USING (position) ORDER BY 1, 2")
    assert [tuple(row.values()) for row in parts] == [
        ("audit.erased", "change"),
        ("identity.person_changed", "actor"),
        ("identity.person_changed", "change"),
        ("sample.note_changed", "actor"),
    ]


async def test_an_erasure_excuses_only_what_was_there_before_it(
    open_work: WorkOpener, record: Record, export_trail: Export
) -> None:
    async with open_work(SYSTEM) as work:
        await api.erase(work, "sample.note", NOTE)
    await record(NOTED)
    lines, _ = await export_trail()
    later = json.loads(lines[2])
    later["private"].pop("change")

    findings = verify([*lines[:2], json.dumps(later), *lines[3:]]).findings

    assert findings == ["Entry 2: the change is gone, and no erasure is on record."]


# -- retention ---------------------------------------------------------------------------------------------------------


@pytest.mark.practice(33)
async def test_entries_go_after_seven_years_and_the_chain_goes_on_from_a_checkpoint(
    open_work: WorkOpener, record: Record, export_trail: Export, uow: UnitOfWork
) -> None:
    await let_pass(open_work, "7 years 1 day")
    await record(NOTED, NOTED)
    await let_pass(open_work, "6 years 364 days")
    await record(CHANGED)
    before = await sealed(open_work)

    checkpoint = await expired(open_work)

    assert checkpoint is not None
    assert checkpoint.sequence == 2
    await let_pass(open_work, "0")
    lines, head = await export_trail()
    assert json.loads(lines[0])["checkpoint"]["sequence"] == 2
    assert [json.loads(line)["entry"]["act"] for line in lines[1:-1]] == [
        "identity.person_changed",
        "audit.expired",
        "audit.exported",
    ]
    assert verify(lines, [before, head]).findings == []
    assert await uow.read_value("SELECT removed FROM audit_checkpoint") == 2


async def test_the_chain_goes_on_when_all_that_was_sealed_has_had_its_time(
    open_work: WorkOpener, record: Record, export_trail: Export
) -> None:
    await let_pass(open_work, "8 years")
    await record(NOTED)
    before = await sealed(open_work)

    assert await expired(open_work) == before

    lines, head = await export_trail()
    assert head.sequence == 3
    assert verify(lines, [before]).findings == []


async def test_nothing_goes_that_is_young_or_not_sealed_yet(
    open_work: WorkOpener, record: Record, uow: UnitOfWork
) -> None:
    await let_pass(open_work, "8 years")
    await record(NOTED)
    assert await expired(open_work) is None
    await let_pass(open_work, "2 years")
    await record(NOTED)

    assert await expired(open_work, years=8) is None

    assert await uow.read_value("SELECT count(*) FROM audit_entry") == 2


async def test_the_database_keeps_a_year_whatever_the_program_asks(open_work: WorkOpener) -> None:
    with pytest.raises(asyncpg.RestrictViolationError, match="a year at least"):
        async with open_work(SYSTEM) as work:
            await work.write("SELECT * FROM audit_expire(now() - interval '364 days')")


async def test_a_table_of_the_callers_stands_in_for_none_of_ours(
    open_work: WorkOpener, record: Record, uow: UnitOfWork
) -> None:
    """The functions that remove run with the owner's rights: their search_path is fixed."""
    await record(NOTED)
    async with open_work(SYSTEM) as work:
        await work.write("CREATE TEMPORARY TABLE audit_private (position bigint, part text) ON COMMIT DROP")
        assert await work.write("SELECT audit_erase('sample.note', $1)", str(NOTE))
        await work.write("DROP TABLE pg_temp.audit_private")

    assert await uow.read_value("SELECT count(*) FROM audit_private WHERE part = 'change'") == 0
