"""Marks of watched tables: new with each change, visible with its commit, and nobody waits for another's."""

import asyncio

import pytest
from probe.main import make_program

from mainstay.bootstrap.program import Program
from mainstay.db import topics
from mainstay.db.topics import MARKS, version_of
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from mainstay.worker.upkeep import tidy_topics

ADD = "INSERT INTO probe_note (id, code, amount, text) VALUES (gen_random_uuid(), $1, 1, '')"


@pytest.fixture(scope="module")
def program() -> Program:
    return make_program()


async def version(uow: UnitOfWork, *tables: str) -> str | None:
    return version_of(await uow.read_value(MARKS, list(tables or ("probe_note",))))


async def test_each_statement_that_changes_rows_gives_a_new_version(uow: UnitOfWork) -> None:
    found = [await version(uow)]
    for statement in (
        "INSERT INTO probe_note (id, code, amount, text) VALUES (gen_random_uuid(), 'a', 1, '')",
        "UPDATE probe_note SET amount = 2",
        "DELETE FROM probe_note",
    ):
        await uow.write(statement)
        found.append(await version(uow))

    assert None not in found
    assert len(set(found)) == 4


async def test_a_statement_that_changes_nothing_leaves_the_version(uow: UnitOfWork) -> None:
    before = await version(uow)
    await uow.write("UPDATE probe_note SET amount = 2 WHERE code = 'nobody'")
    await uow.write("DELETE FROM probe_note WHERE code = 'nobody'")

    assert await version(uow) == before


async def test_a_table_that_is_not_watched_has_no_version(uow: UnitOfWork) -> None:
    assert await version(uow, "probe_remark") is None
    assert await version(uow, "probe_note", "probe_remark") is None
    assert version_of(None) is None


async def test_others_see_the_new_version_with_the_commit_and_not_before(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as reader:
        before = await version(reader)
        async with committed(SYSTEM) as writer:
            await writer.write(ADD, "a")
            own, others = await version(writer), await version(reader)
        after = await version(reader)

    assert (others, own) == (before, after)
    assert after != before


async def test_what_was_undone_comes_back_and_no_version_is_ever_used_twice(committed: WorkOpener) -> None:
    seen = []
    for code in ("a", "b"):
        work = committed.unit(SYSTEM)
        await work.write(ADD, code)
        seen.append(await version(work))
        await work.close()
    async with committed(SYSTEM) as reader:
        seen.append(await version(reader))

    assert len(set(seen)) == 3


async def test_writers_of_one_table_do_not_wait_for_each_other(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as first:
        await first.write(ADD, "a")
        async with committed(SYSTEM) as second:
            async with asyncio.timeout(5):
                await second.write(ADD, "b")
    async with committed(SYSTEM) as reader:
        assert await reader.read_value("SELECT count(*) FROM mainstay_topic WHERE name = 'probe_note'") == 3


async def test_many_marks_become_one_new_one_and_a_late_writer_still_counts(committed: WorkOpener) -> None:
    late = committed.unit(SYSTEM)
    await late.write(ADD, "late")
    for number in range(25):
        async with committed(SYSTEM) as uow:
            await uow.write(ADD, str(number))
    async with committed(SYSTEM) as uow:
        before = await version(uow)
        await tidy_topics(uow)
    async with committed(SYSTEM) as reader:
        tidied = await version(reader)
        count = await reader.read_value("SELECT count(*) FROM mainstay_topic WHERE name = 'probe_note'")
        await late.commit()
        await late.close()
        after = await version(reader)

    assert count == 1
    assert len({before, tidied, after}) == 3


async def test_few_marks_are_left_alone(uow: UnitOfWork) -> None:
    before = await version(uow)
    await uow.write(topics.TIDY)

    assert await version(uow) == before
