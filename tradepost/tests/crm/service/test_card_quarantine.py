"""Files of cards that come while the virus scanner is away: kept, shown to nobody, read once it has looked at them."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

import httpx2
import pytest
from cards_read import packed, picture
from fastapi import FastAPI
from out_of_reach import make_role
from scanner_server import VIRUS, VIRUS_NAME, ScannerServer, ask_scanner, running_scanner

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.modules.files.errors import ScannerAway
from mainstay.modules.files.service import scanning
from mainstay.modules.files.service.scanning import Verdict
from mainstay.net.clamd import ScannerFailed
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.crm import jobs
from tradepost.crm.cards import header
from tradepost.crm.repository import uploads
from tradepost.crm.service import card_quarantine
from tradepost.crm.service.card_taking import Target
from tradepost.crm.settings import CardSettings

PHOTOS, HELD, BATCHES = "/api/v1/crm/card-photos", "/api/v1/crm/held-card-files", "/api/v1/crm/card-batches"
# Another place each time the scanner is away, so that one which is back is not left alone for the failures of another.
NOWHERE = "unix:///nowhere/{}.sock"
BYTES = "SELECT count(*) FROM crm_card_upload_chunk"

SetScanner = Callable[[str], None]
SignIn = Callable[[str], Awaitable[Client]]


@pytest.fixture(scope="module")
def clamd() -> Iterator[ScannerServer]:
    """A scanner for the tests of this file."""
    with running_scanner(largest_mb=1) as server:
        yield server


@pytest.fixture
def ask_at(app: FastAPI, open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch) -> SetScanner:
    """Has the program ask the scanner at a URL from now on."""
    return lambda url: ask_scanner(url, app, open_work, monkeypatch)


@pytest.fixture
def away(ask_at: SetScanner) -> None:
    """The scanner is away."""
    ask_at(NOWHERE.format(ids.new_id()))


async def send(client: Client, content: bytes, **params: str) -> httpx2.Response:
    """Send a file of cards."""
    sent = {"id": str(ids.new_id()), "batch_id": str(ids.new_id()), "filename": "card.png"} | params
    return await client.post(PHOTOS, params=sent, content=content)


async def held(client: Client, content: bytes, **params: str) -> dict[str, Any]:
    """Send a file that is kept until the scanner is back."""
    answer = await send(client, content, **params)
    assert answer.status_code == 202, answer.text
    assert answer.json()["photos"] == []
    waits: dict[str, Any] = answer.json()["held"]
    assert answer.headers["Location"] == f"{HELD}/{waits['id']}"
    return waits


async def scan(open_work: WorkOpener, held_id: str) -> None:
    """Do what the job does with a file."""
    async with open_work(SYSTEM) as uow:
        looked = await card_quarantine.look(uow, UUID(held_id))
    async with open_work(SYSTEM) as uow:
        await card_quarantine.decide(uow, UUID(held_id), looked)


async def became(client: Client, held_id: str) -> dict[str, Any]:
    """Return what is told of a file."""
    told: dict[str, Any] = (await client.get(f"{HELD}/{held_id}")).json()
    return told


async def seen(client: Client, photo_id: str) -> list[int]:
    """Return how asking for a picture and reading it again are answered, and how many pictures and cards are listed."""
    answers = [await client.get(f"{PHOTOS}/{photo_id}/image"), await client.post(f"{PHOTOS}/{photo_id}/read")]
    lists = [await client.get(PHOTOS), await client.get("/api/v1/crm/cards")]
    return [each.status_code for each in answers] + [each.json()["total"] for each in lists]


UNSEEN, SEEN = [404, 404, 0, 0], [200, 202, 1, 0]


@pytest.mark.practice(14)
@pytest.mark.usefixtures("away")
async def test_forty_pictures_are_kept_unread_while_the_scanner_is_away_and_taken_when_it_is_back(
    owner: Client,
    open_work: WorkOpener,
    uow: UnitOfWork,
    clamd: ScannerServer,
    ask_at: SetScanner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch_id, contents = str(ids.new_id()), [picture((at, 0, 0)) for at in range(40)]
    decoded: list[bytes] = []
    with monkeypatch.context() as patch:
        patch.setattr(header, "read_header", decoded.append)
        waits = [await held(owner, each, batch_id=batch_id) for each in contents]

    assert {(each["state"], each["scan"]) for each in waits} == {("waiting", "waiting")}
    assert decoded == []
    assert await seen(owner, waits[0]["id"]) == UNSEEN
    batch = (await owner.get(f"{BATCHES}/{batch_id}")).json()
    assert (batch["photos"], batch["unscanned"]) == (0, 40)
    assert (await owner.get(BATCHES)).json()["items"] == [batch]
    for each in waits:
        with pytest.raises(ScannerFailed):
            await scan(open_work, each["id"])
    assert await uow.read_value("SELECT count(*) FROM crm_card_upload WHERE state = 'waiting'") == 40

    ask_at(clamd.url)
    for each in waits:
        await scan(open_work, each["id"])

    batch = (await owner.get(f"{BATCHES}/{batch_id}")).json()
    assert (batch["photos"], batch["waiting"], batch["unscanned"]) == (40, 40, 0)
    photos = (await owner.get(PHOTOS, params={"limit": 50})).json()["items"]
    # Each by the id that its sender gave it.
    assert {photo["id"] for photo in photos} == {each["id"] for each in waits}
    assert {photo["scan"] for photo in photos} == {"clean"}
    assert await became(owner, waits[0]["id"]) | {"decided_at": ""} == waits[0] | {
        "state": "taken", "scan": "clean", "photo_ids": [waits[0]["id"]], "decided_at": "",
    }  # fmt: skip
    assert await uow.read_value(BYTES) == 0
    wanted = "SELECT count(*) FROM mainstay_event WHERE name = 'crm.card_photo_received'"
    assert await uow.read_value(wanted) == 40


@pytest.mark.usefixtures("away")
async def test_a_picture_that_waits_is_given_to_nobody_and_without_the_quarantine_it_would_be(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second half is the mutant: a file that nobody looked at is taken as if somebody had."""
    waits = await held(owner, picture())
    assert await seen(owner, waits["id"]) == UNSEEN
    told = await owner.get(f"{HELD}/{waits['id']}")
    assert set(told.json()) == set(waits)

    async def taken_unseen(*_: object) -> str:
        return "none"

    monkeypatch.setattr(scanning, "demand_clean", taken_unseen)

    answer = await send(owner, picture((1, 1, 1)))
    assert answer.status_code == 201
    assert await seen(owner, answer.json()["photos"][0]["id"]) == SEEN


@pytest.mark.practice(14)
@pytest.mark.usefixtures("away")
async def test_of_a_file_with_a_virus_nothing_stays_but_what_is_told_of_it(
    owner: Client, open_work: WorkOpener, uow: UnitOfWork, clamd: ScannerServer, ask_at: SetScanner
) -> None:
    waits = await held(owner, packed({"good.png": picture(), "bad.png": picture() + VIRUS}), filename="fair.zip")
    ask_at(clamd.url)

    await scan(open_work, waits["id"])

    told = await became(owner, waits["id"])
    assert (told["state"], told["scan"], told["code"]) == ("refused", "infected", "files.infected")
    assert VIRUS_NAME in told["sentence"]
    assert await seen(owner, waits["id"]) == UNSEEN
    assert await uow.read_value(BYTES) == 0
    (entry,) = [
        each
        for each in (await owner.get("/api/v1/audit/entries")).json()["items"]
        if each["act"] == "files.upload_refused"
    ]
    assert entry["new"]["filename"] == "fair.zip"
    assert entry["new"]["sender"]


@pytest.mark.usefixtures("away")
async def test_without_the_question_a_virus_that_waited_becomes_a_picture(
    owner: Client, open_work: WorkOpener, clamd: ScannerServer, ask_at: SetScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant of the test above: a job that does not wait for the scanner's word."""
    waits = await held(owner, picture() + VIRUS)
    ask_at(clamd.url)

    async def unasked(*_: object) -> Verdict:
        return Verdict()

    monkeypatch.setattr(scanning, "ask", unasked)

    await scan(open_work, waits["id"])
    assert await seen(owner, waits["id"]) == SEEN


@pytest.mark.usefixtures("away")
async def test_of_an_archive_that_waited_each_file_is_taken_or_refused_with_the_reason(
    owner: Client, open_work: WorkOpener, clamd: ScannerServer, ask_at: SetScanner
) -> None:
    archive = packed({"1.png": picture((1, 0, 0)), "2.jpg": b"<html>", "3.png": picture((3, 0, 0))})
    waits = await held(owner, archive, filename="../fair.zip")
    ask_at(clamd.url)

    await scan(open_work, waits["id"])

    told = await became(owner, waits["id"])
    assert (told["filename"], told["state"], len(told["photo_ids"])) == ("fair.zip", "taken", 2)
    assert [(one["filename"], one["code"]) for one in told["refused"]] == [("2.jpg", "crm.picture_wrong_kind")]
    photos = (await owner.get(PHOTOS, params={"batch_id": waits["batch_id"]})).json()["items"]
    assert [photo["filename"] for photo in photos] == ["1.png", "3.png"]


BAD: dict[str, tuple[bytes, str]] = {
    "half.jpg": (picture(kind="JPEG")[:300], "crm.picture_damaged"),
    "page.jpg": (b"<!DOCTYPE html>", "crm.picture_wrong_kind"),
    "broken.zip": (packed({"card.png": picture()})[:60], "crm.archive_refused"),
    "none.zip": (packed({"card.jpg": b"<html>"}), "crm.archive_refused"),
    "empty.jpg": (b"", "crm.picture_wrong_kind"),
    # More than this scanner takes at once.
    "large.jpg": (bytes(3 * 1024 * 1024), "files.not_scannable"),
}


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("filename", BAD)
async def test_what_turns_out_to_be_no_good_is_told_with_the_reason_and_leaves_nothing(
    owner: Client, open_work: WorkOpener, uow: UnitOfWork, clamd: ScannerServer, ask_at: SetScanner, filename: str
) -> None:
    content, code = BAD[filename]
    waits = await held(owner, content, filename=filename)
    ask_at(clamd.url)

    await scan(open_work, waits["id"])

    told = await became(owner, waits["id"])
    assert (told["state"], told["code"]) == ("refused", code)
    assert told["sentence"].endswith(".")
    assert await seen(owner, waits["id"]) == UNSEEN
    assert await uow.read_value(BYTES) == 0
    assert (await owner.get(f"{BATCHES}/{waits['batch_id']}")).json()["unscanned"] == 0


@pytest.mark.usefixtures("away")
async def test_an_archive_that_turns_out_to_be_a_bomb_leaves_none_of_its_pictures(
    owner: Client, open_work: WorkOpener, clamd: ScannerServer, ask_at: SetScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tradepost.crm.cards.archive.MOST_BYTES", 1024 * 1024)
    waits = await held(owner, packed({"1.png": picture(), "2.png": bytes(2 * 1024 * 1024)}))
    ask_at(clamd.url)

    await scan(open_work, waits["id"])

    assert (await became(owner, waits["id"]))["code"] == "crm.archive_refused"
    assert await seen(owner, waits["id"]) == UNSEEN


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
async def test_a_picture_that_is_here_already_does_not_wait(
    owner: Client, open_work: WorkOpener, clamd: ScannerServer, ask_at: SetScanner
) -> None:
    waits = await held(owner, picture())
    ask_at(clamd.url)
    # Sent again before its job comes to it: the picture is there once.
    taken = await send(owner, picture(), id=waits["id"])
    await scan(open_work, waits["id"])
    assert (await became(owner, waits["id"]))["photo_ids"] == [waits["id"]]
    assert (taken.status_code, await seen(owner, waits["id"])) == (201, SEEN)

    ask_at(NOWHERE.format(ids.new_id()))
    again = await send(owner, picture())

    assert (again.status_code, again.json()["held"]) == (200, None)
    assert [photo["id"] for photo in again.json()["photos"]] == [waits["id"]]


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
    assert "as much as may wait" in answer.json()["detail"]
    assert await uow.read_value("SELECT count(*) FROM crm_card_upload") == 1
    assert await uow.read_value("SELECT count(*) FROM crm_card_batch") == 1


async def test_of_those_who_come_at_once_no_more_wait_than_may(
    committed: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(committed.setup.settings._by_class, CardSettings, CardSettings(waiting_files=2))

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
async def test_a_file_that_was_deleted_while_it_waited_is_not_looked_at(
    owner: Client, open_work: WorkOpener, uow: UnitOfWork, clamd: ScannerServer, ask_at: SetScanner
) -> None:
    waits = await held(owner, picture())
    ask_at(clamd.url)
    async with open_work(SYSTEM) as work:
        looked = await card_quarantine.look(work, UUID(waits["id"]))

    assert (await owner.delete(f"{HELD}/{waits['id']}")).status_code == 204

    async with open_work(SYSTEM) as work:
        await card_quarantine.decide(work, UUID(waits["id"]), looked)
    await scan(open_work, waits["id"])
    assert await seen(owner, waits["id"]) == UNSEEN
    assert await uow.read_value(BYTES) == 0
    assert (await owner.get(f"{BATCHES}/{waits['batch_id']}")).status_code == 404
    for call in (owner.get, owner.delete):
        answer = await call(f"{HELD}/{waits['id']}")
        assert (answer.status_code, answer.json()["code"]) == (404, "crm.unknown_held_file")


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
async def test_the_schedule_has_all_looked_at_as_soon_as_the_scanner_is_back_and_not_before(
    owner: Client, open_work: WorkOpener, uow: UnitOfWork, clamd: ScannerServer, ask_at: SetScanner
) -> None:
    wanted = "SELECT count(*) FROM mainstay_event WHERE name = 'crm.card_file_held'"

    async def tend() -> int:
        async with open_work(SYSTEM) as work:
            is_back = await jobs.try_scanner(work)
        async with open_work(SYSTEM) as work:
            await jobs.tend_card_files(work, is_back)
        count: int = await uow.read_value(wanted)
        return count

    assert await tend() == 0
    first, _second = [await held(owner, picture((at, 0, 0))) for at in range(2)]
    assert await tend() == 2
    ask_at(clamd.url)
    assert await tend() == 4
    # One that the scanner cannot take does not stand in the way of others.
    await uow.write("UPDATE crm_card_upload_chunk SET content = $1", bytes(3 * 1024 * 1024))
    assert await tend() == 6
    assert (await became(owner, first["id"]))["state"] == "waiting"


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
async def test_the_job_asks_until_it_is_answered_and_without_a_scanner_nobody_is_asked(
    owner: Client, run_jobs: Callable[[], Awaitable[int]], ask_at: SetScanner
) -> None:
    waits = await held(owner, b"<html>")
    with pytest.raises(ScannerFailed):
        await run_jobs()
    assert (await became(owner, waits["id"]))["state"] == "waiting"

    ask_at("")
    await run_jobs()

    told = await became(owner, waits["id"])
    assert (told["state"], told["scan"], told["code"]) == ("refused", "none", "crm.picture_wrong_kind")


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
