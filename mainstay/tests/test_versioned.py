"""What a record was at a version is kept by what changes it, and told to who bases a change on that version."""

from typing import Any
from uuid import UUID

import pytest

from mainstay import ids
from mainstay.errors import VersionConflict
from mainstay.versioned import Attempt, Versioned, conflict, forget, keep
from mainstay.work import UnitOfWork

THING = Versioned("probe.thing", "probe_thing", {"name": "record.name", "size": "record.size"})
SWITCH = Versioned("probe.switch", "probe_thing", {"name": "record.name"}, nothing={"name": None})
CHANGE = f"""
WITH {THING.keeping("record.id = $1")}
UPDATE probe_thing SET name = $2, version = version + 1 WHERE id = $1
"""
KEY = UUID("018f5a3e-0000-7000-8000-000000000001")


@pytest.fixture
async def thing(uow: UnitOfWork) -> UUID:
    """A record that was `a` at version 1, `b` at 2 and is `c` at 3."""
    await uow.write("CREATE TEMP TABLE probe_thing (id uuid, name text, size int, version int DEFAULT 1)")
    key = ids.new_id()
    await uow.write("INSERT INTO probe_thing VALUES ($1, 'a', 7)", key)
    for name in "bc":
        await uow.write(CHANGE, key, name)
    return key


async def told(uow: UnitOfWork, key: UUID, version: int, **mine: Any) -> VersionConflict:  # noqa: ANN401  any JSON
    return await conflict(uow, THING, Attempt(key, version, mine))


@pytest.mark.parametrize(("version", "name"), [(1, "a"), (2, "b")])
async def test_the_base_is_what_the_record_was_at_just_that_version(
    uow: UnitOfWork, thing: UUID, version: int, name: str
) -> None:
    found = (await told(uow, thing, version, name="d", size=9)).extra

    assert found["base"] == {"id": str(thing), "version": version, "name": name, "size": 7}
    assert found["theirs"] == {"id": str(thing), "version": 3, "name": "c", "size": 7}
    assert (found["mine"], found["conflicts"]) == ({"name": "d", "size": 9}, ["name"])


async def test_without_a_base_the_reason_is_told_and_all_that_differs_may_clash(uow: UnitOfWork, thing: UUID) -> None:
    never = (await told(uow, thing, 9, size=8)).extra
    await forget(uow, THING, thing)
    gone = (await told(uow, thing, 1, name="d", size=7)).extra

    assert (never["base"], never["base_gone"], never["conflicts"]) == (None, "no_such_version", ["size"])
    assert (gone["base"], gone["base_gone"], gone["conflicts"]) == (None, "not_kept", ["name"])


async def test_what_the_actor_may_not_read_is_on_neither_side(uow: UnitOfWork, thing: UUID) -> None:
    attempt = Attempt(thing, 1, {"size": 8})

    found = (await conflict(uow, THING, attempt, lambda facts: facts | {"name": None})).extra

    assert found["base"] == {"id": str(thing), "version": 1, "name": None, "size": 7}
    assert found["theirs"] == {"id": str(thing), "version": 3, "name": None, "size": 7}


@pytest.mark.usefixtures("thing")
async def test_before_there_is_a_row_a_record_is_what_it_says_at_version_0(uow: UnitOfWork) -> None:
    late = (await conflict(uow, SWITCH, Attempt(KEY, 4, {"name": "x"}))).extra
    first = (await conflict(uow, SWITCH, Attempt(KEY, 0, {"name": "x"}))).extra
    unknown = (await told(uow, KEY, 1, name="x")).extra

    assert late["theirs"] == first["base"] == {"id": str(KEY), "version": 0, "name": None}
    assert (late["base_gone"], first["base_gone"]) == ("no_such_version", None)
    assert (unknown["theirs"], unknown["base"], unknown["conflicts"]) == (None, None, [])


async def test_what_is_kept_before_parts_change_counts_for_the_version_that_they_belong_to(
    uow: UnitOfWork, thing: UUID
) -> None:
    await keep(uow, THING, [thing])
    await uow.write("UPDATE probe_thing SET size = 8 WHERE id = $1", thing)
    await uow.write(CHANGE, thing, "d")

    assert (await told(uow, thing, 3, size=9)).extra["base"] == {"id": str(thing), "version": 3, "name": "c", "size": 7}
