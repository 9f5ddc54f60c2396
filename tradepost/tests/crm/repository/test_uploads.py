"""Files of cards that wait for the virus scanner: the same one once, no more than may, told to those who reach them."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from cards_read import picture
from fastapi import FastAPI
from held_cards import BATCHES, HELD, PHOTOS, SetScanner, held, scan, seen, send
from out_of_reach import make_role
from scanner_server import ScannerServer

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.modules.files.errors import ScannerAway
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.crm import jobs
from tradepost.crm.repository import uploads
from tradepost.crm.service import card_quarantine
from tradepost.crm.service.card_taking import Target
from tradepost.crm.settings import CardSettings

SignIn = Callable[[str], Awaitable[Client]]


@pytest.mark.usefixtures("away")
async def test_the_same_file_waits_once_and_an_id_is_used_once(owner: Client, uow: UnitOfWork) -> None:
    waits = await held(owner, picture())

    again = await send(owner, picture(), id=waits["id"])
    other_id = await send(owner, picture())
    other = await send(owner, picture((1, 1, 1)), id=waits["id"])

    assert [(each.status_code, each.json()["held"]) for each in (again, other_id)] == [(200, waits), (200, waits)]
    assert again.json()["is_repeat"] is True
    assert (other.status_code, other.json()["code"]) == (409, "crm.photo_id_reused")
    assert await uow.read_value("SELECT count(*) FROM crm_card_batch") == 1


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("most", [CardSettings(waiting_files=1), CardSettings(waiting_mb=1)], ids=["files", "size"])
async def test_no_more_waits_than_may(
    owner: Client, app: FastAPI, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch, most: CardSettings
) -> None:
    settings = app.state.edge.open_work.setup.settings
    monkeypatch.setitem(settings._by_class, CardSettings, most)
    await held(owner, picture() + bytes(700 * 1024))

    answer = await send(owner, picture((1, 1, 1)) + bytes(700 * 1024))

    assert (answer.status_code, answer.json()["code"]) == (503, "files.scanner_away")
    assert answer.headers["Retry-After"] == "30"
    assert "no more files may wait" in answer.json()["detail"]
    assert await uow.read_value("SELECT count(*) FROM crm_card_upload") == 1
    assert await uow.read_value("SELECT count(*) FROM crm_card_batch") == 1


async def test_of_those_who_come_at_once_no_more_wait_than_may(
    committed: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Any = committed.setup.settings
    monkeypatch.setitem(settings._by_class, CardSettings, CardSettings(waiting_files=2))

    async def keep(number: int) -> str:
        target = Target(ids.new_id(), ids.new_id(), "card.png")
        try:
            async with committed(SYSTEM) as work:
                await card_quarantine.hold(work, target, io.BytesIO(picture((number, 0, 0))), ScannerAway("Away."))
        except ScannerAway as refusal:
            return refusal.code
        return "held"

    outcomes = await asyncio.gather(*(keep(number) for number in range(6)))

    assert sorted(outcomes) == ["files.scanner_away"] * 4 + ["held"] * 2
    async with committed(SYSTEM) as work:
        assert len(await uploads.all_waiting(work, 10)) == 2


@pytest.mark.usefixtures("away")
async def test_files_are_listed_page_by_page_by_what_became_of_them(owner: Client, open_work: WorkOpener) -> None:
    batch_id = str(ids.new_id())
    waits = [await held(owner, picture((at, 0, 0)), batch_id=batch_id) for at in range(3)]
    await held(owner, picture((9, 9, 9)))

    first = (await owner.get(HELD, params={"batch_id": batch_id, "limit": 2})).json()
    second = (await owner.get(HELD, params={"batch_id": batch_id, "limit": 2, "cursor": first["next_cursor"]})).json()

    assert [*first["items"], *second["items"]] == waits
    assert (first["total"], second["next_cursor"]) == (3, None)
    assert (await owner.get(HELD, params={"state": "refused"})).json()["items"] == []
    assert (await owner.get(HELD, params={"state": "waiting"})).json()["total"] == 4


@pytest.mark.usefixtures("away")
async def test_what_became_of_a_file_is_forgotten_after_a_month(
    owner: Client, open_work: WorkOpener, uow: UnitOfWork, clamd: ScannerServer, ask_at: SetScanner
) -> None:
    good, bad, new = [await held(owner, each) for each in (picture(), b"<html>", b"<xml>")]
    ask_at(clamd.url)
    for each in (good, bad, new):
        await scan(open_work, each["id"])
    past = "UPDATE crm_card_upload SET decided_at = decided_at - interval '31 days' WHERE id <> $1"
    await uow.write(past, UUID(new["id"]))

    async with open_work(SYSTEM) as work:
        await jobs.tend_card_files(work, is_back=False)

    assert [(await owner.get(f"{HELD}/{each['id']}")).status_code for each in (good, bad, new)] == [404, 404, 200]
    kept = [(await owner.get(f"{BATCHES}/{each['batch_id']}")).status_code for each in (good, bad, new)]
    assert kept == [200, 404, 200]
    assert (await seen(owner, good["id"]))[0] == 200


@pytest.mark.usefixtures("away")
async def test_what_waited_is_its_senders_and_known_by_the_pictures_that_they_reached(
    owner: Client,
    program: Program,
    open_work: WorkOpener,
    sign_in_as: SignIn,
    clamd: ScannerServer,
    ask_at: SetScanner,
) -> None:
    role = await make_role(open_work, program.roles.all_rights, {"crm.contacts": "own"})
    seller = await sign_in_as(role)
    mine, theirs = await held(seller, picture()), await held(owner, picture())

    assert mine["id"] != theirs["id"]
    assert (await seller.get(HELD)).json()["items"] == [mine]
    assert [batch["id"] for batch in (await seller.get(BATCHES)).json()["items"]] == [mine["batch_id"]]
    for call in (seller.get, seller.delete):
        assert (await call(f"{HELD}/{theirs['id']}")).status_code == 404
    ask_at(clamd.url)
    await scan(open_work, theirs["id"])
    await scan(open_work, mine["id"])

    # The owner's is out of the seller's reach, so that theirs is not taken for a repeat of it.
    assert [photo["id"] for photo in (await seller.get(PHOTOS)).json()["items"]] == [mine["id"]]
    assert (await owner.get(PHOTOS)).json()["total"] == 2
