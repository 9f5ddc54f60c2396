"""The audit trail over HTTP: each route allowed, forbidden, not found and with bad input."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from trail import ADA_ID, NOTE, Record

from mainstay import ids
from mainstay.messages.audit import Entry
from mainstay.modules.audit.service.chain import seal
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

ENTRIES = "/api/v1/audit/entries"
STORY = f"/api/v1/audit/stories/sample.note/{NOTE}"
ACTS = "/api/v1/audit/acts"
ROUTES = (ENTRIES, f"{ENTRIES}/{NOTE}", STORY, ACTS)

WRITTEN = Entry("sample.note_written", "sample.note", NOTE, new={"text": "one"})
CHANGED = Entry("sample.note_changed", "sample.note", NOTE, {"text": "one"}, {"text": "two"}, "a typo")
LOOKED = Entry("sample.looked", "sample.book")


async def listed(client: Client, **filters: str) -> list[dict[str, Any]]:
    answer = await client.get(ENTRIES, params=filters)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


@pytest.mark.parametrize("route", ROUTES)
async def test_only_who_holds_the_right_reads_the_trail(api: Client, cashier: Client, route: str) -> None:
    assert (await api.get(route)).status_code == 401
    refused = await cashier.get(route)
    assert (refused.status_code, refused.json()["permission"]) == (403, "audit.read")


@pytest.mark.practice(33)
async def test_an_entry_tells_who_did_what_to_what_and_both_values(owner: Client, record: Record) -> None:
    await record(CHANGED)

    (entry,) = await listed(owner, object_type="sample.note")

    assert entry == {
        "id": entry["id"],
        "happened_at": entry["happened_at"],
        "act": "sample.note_changed",
        "object_type": "sample.note",
        "object_id": str(NOTE),
        "actor": {"kind": "person", "id": str(ADA_ID), "role": "owner", "name": "Ada", "address": None},
        "approver_id": None,
        "request_id": "-",
        "old": {"text": "one"},
        "new": {"text": "two"},
        "reason": "a typo",
        "erased": [],
        "sequence": None,
    }
    assert (await owner.get(f"{ENTRIES}/{entry['id']}")).json() == entry


async def test_the_place_in_the_chain_is_shown_once_an_entry_is_sealed(
    owner: Client, record: Record, open_work: WorkOpener
) -> None:
    await record(WRITTEN)
    async with open_work(SYSTEM) as work:
        await seal(work)

    assert [entry["sequence"] for entry in await listed(owner, act=WRITTEN.act)] == [1]


async def test_entries_are_narrowed_down_by_act_actor_object_and_time(
    owner: Client, record: Record, uow: UnitOfWork
) -> None:
    await record(WRITTEN, CHANGED, LOOKED)

    async def acts(**filters: str) -> list[str]:
        return [entry["act"].removeprefix("sample.") for entry in await listed(owner, **filters)]

    moment = await uow.read_value("SELECT happened_at FROM audit_entry WHERE act = 'sample.note_changed'")
    late = (moment + timedelta(microseconds=1)).isoformat()
    assert await acts(actor_id=str(ADA_ID)) == ["looked", "note_changed", "note_written"]
    assert await acts(actor_id=str(NOTE)) == []
    assert await acts(act="sample.looked") == ["looked"]
    assert await acts(object_type="sample.note") == ["note_changed", "note_written"]
    assert await acts(object_type="sample.note", object_id=str(ids.new_id())) == []
    assert await acts(actor_id=str(ADA_ID), since=moment.isoformat()) == ["looked", "note_changed"]
    assert await acts(actor_id=str(ADA_ID), until=moment.isoformat()) == ["note_written"]
    assert await acts(since=moment.isoformat(), until=late, act=CHANGED.act) == ["note_changed"]


async def test_pages_follow_one_another_without_gap(owner: Client, record: Record) -> None:
    await record(*[WRITTEN] * 5)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = {"act": WRITTEN.act, "limit": "2"} | ({"cursor": cursor} if cursor else {})
        answer = (await owner.get(ENTRIES, params=page)).json()
        seen += [entry["id"] for entry in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 5
    assert seen == [entry["id"] for entry in await listed(owner, act=WRITTEN.act)]


async def test_the_story_of_a_thing_is_told_from_its_beginning(owner: Client, record: Record) -> None:
    await record(WRITTEN, LOOKED, CHANGED)

    first = (await owner.get(STORY, params={"limit": 1})).json()
    second = (await owner.get(STORY, params={"limit": 1, "cursor": first["next_cursor"]})).json()

    assert [page["items"][0]["act"] for page in (first, second)] == ["sample.note_written", "sample.note_changed"]
    assert second["next_cursor"] is None


async def test_what_was_erased_is_told_to_be(owner: Client, record: Record, uow: UnitOfWork) -> None:
    await record(CHANGED)
    await uow.write("SELECT audit_erase('sample.note', $1), audit_erase('identity.person', $2)", str(NOTE), str(ADA_ID))
    await uow.commit()

    (entry,) = await listed(owner, act=CHANGED.act)

    assert entry["erased"] == ["actor", "change"]
    assert (entry["actor"]["name"], entry["old"], entry["new"], entry["reason"]) == (None, None, None, None)


async def test_the_acts_that_there_are_can_be_chosen_from(owner: Client, record: Record) -> None:
    assert (await owner.get(ACTS)).json() == {"items": []}
    await record(CHANGED, WRITTEN, CHANGED, LOOKED)

    assert (await owner.get(ACTS)).json() == {"items": ["sample.looked", "sample.note_changed", "sample.note_written"]}


@pytest.mark.parametrize(
    ("route", "code"), [(f"{ENTRIES}/{UUID(int=1)}", "audit.entry_unknown"), (STORY, "audit.story_unknown")]
)
async def test_what_is_not_there_is_not_found(owner: Client, route: str, code: str) -> None:
    answer = await owner.get(route)

    assert (answer.status_code, answer.json()["code"]) == (404, code)


@pytest.mark.parametrize(
    "query",
    [
        "?limit=0",
        "?act=Signed%20in",
        "?actor_id=x",
        "?object_type=%27",
        "?object_id=",
        "?since=2026-01-01T00:00:00",
        "?until=never",
    ],
)
async def test_bad_input_is_refused(owner: Client, query: str) -> None:
    assert (await owner.get(f"{ENTRIES}{query}")).status_code == 422


async def test_a_story_of_nothing_that_has_a_name_is_refused(owner: Client) -> None:
    assert (await owner.get("/api/v1/audit/stories/Note/5")).status_code == 422


async def test_nobody_writes_through_the_api(owner: Client, record: Record) -> None:
    await record(CHANGED)
    (entry,) = await listed(owner, act=CHANGED.act)

    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert (await owner.request(method, f"{ENTRIES}/{entry['id']}")).status_code == 405
