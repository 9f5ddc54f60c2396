"""The backup routes: whoever may sees how backups stand, and has one made now."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from backup_calls import add_archive

from mainstay import ids
from mainstay.modules.backup import repository
from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock
from mainstay.work import UnitOfWork

ARCHIVES = "/api/v1/backup/archives"
Settle = Callable[[], Awaitable[None]]


async def test_before_the_first_look_the_list_is_empty(owner: Client) -> None:
    answer = (await owner.get(ARCHIVES)).json()

    assert answer["items"] == []
    assert answer["status"] == {
        "is_scheduled": True,
        "is_encrypted": False,
        "verified_at": None,
        "age_seconds": None,
        "max_age_hours": 26,
        "alarm_since": None,
    }


async def test_backups_are_listed_page_by_page_with_how_they_stand(
    owner: Client, uow: UnitOfWork, clock: FrozenClock, settle: Settle, tmp_path: Path
) -> None:
    database = await repository.introduce(uow, ids.new_id(), clock.now())
    for days in range(3):
        await add_archive(uow, tmp_path, database["id"], clock.now() - timedelta(days=days))
    await add_archive(uow, tmp_path, uuid4(), clock.now())
    await settle()

    first = (await owner.get(ARCHIVES, params={"limit": 2})).json()
    rest = (await owner.get(ARCHIVES, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    shown = [*first["items"], *rest["items"]]
    assert len(shown) == 3
    assert rest["next_cursor"] is None
    assert {(item["state"], item["size_bytes"], item["is_encrypted"]) for item in shown} == {("verified", 7, False)}
    assert all("/" not in item["file"] for item in shown)
    assert first["status"]["age_seconds"] == 0
    assert first["status"]["verified_at"] == shown[0]["started_at"]


async def test_a_backup_is_asked_for_once_however_often_the_wish_is_sent(
    owner: Client, uow: UnitOfWork, clock: FrozenClock
) -> None:
    wish = {"id": str(ids.new_id())}

    answers = [await owner.post(ARCHIVES, json=wish) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["state"] == "making"
    waiting = await uow.read("SELECT args FROM procrastinate_jobs WHERE task_name = 'backup.make'")
    assert [row["args"]["event"]["payload"] for row in waiting] == [{"backup_id": wish["id"]}]
    acts = await uow.read("SELECT act, actor_id FROM audit_entry WHERE act LIKE 'backup.%'")
    assert [tuple(act.values()) for act in acts] == [("backup.asked", owner.person_id)]


async def test_another_one_is_refused_while_one_is_made(owner: Client, clock: FrozenClock) -> None:
    await owner.post(ARCHIVES, json={"id": str(ids.new_id())})

    answer = await owner.post(ARCHIVES, json={"id": str(ids.new_id())})

    assert (answer.status_code, answer.json()["code"]) == (409, "backup.under_way")


@pytest.mark.parametrize("body", [{}, {"id": "x"}, {"id": str(UUID(int=5)), "folder": "/etc"}])
async def test_a_wish_that_is_none_is_refused(owner: Client, body: dict[str, str]) -> None:
    assert (await owner.post(ARCHIVES, json=body)).status_code == 422


async def test_nobody_else_sees_or_makes_any(cashier: Client, api: Client) -> None:
    for client, status in ((cashier, 403), (api, 401)):
        assert (await client.get(ARCHIVES)).status_code == status
        assert (await client.post(ARCHIVES, json={"id": str(UUID(int=5))})).status_code == status
