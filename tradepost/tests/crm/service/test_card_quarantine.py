"""Files of cards that come while the virus scanner is away: kept, shown to nobody, read once it has looked at them."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from cards_read import packed, picture
from held_cards import BATCHES, BYTES, HELD, NOWHERE, PHOTOS, SEEN, UNSEEN, SetScanner, became, held, scan, seen, send
from scanner_server import VIRUS, VIRUS_NAME, ScannerServer

from mainstay import ids
from mainstay.modules.files.service import scanning
from mainstay.modules.files.service.scanning import Verdict
from mainstay.net.clamd import ScannerFailed
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.crm import jobs
from tradepost.crm.cards import header
from tradepost.crm.service import card_quarantine


@pytest.mark.practice(14)
@pytest.mark.usefixtures("away")
async def test_forty_pictures_are_kept_unread_while_the_scanner_is_away(
    owner: Client, open_work: WorkOpener, uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id, decoded = str(ids.new_id()), list[bytes]()
    monkeypatch.setattr(header, "read_header", decoded.append)

    waits = [await held(owner, picture((at, 0, 0)), batch_id=batch_id) for at in range(40)]

    assert {(each["state"], each["scan"]) for each in waits} == {("waiting", "waiting")}
    assert await seen(owner, waits[0]["id"]) == UNSEEN
    batch = (await owner.get(f"{BATCHES}/{batch_id}")).json()
    assert (batch["photos"], batch["unscanned"]) == (0, 40)
    assert (await owner.get(BATCHES)).json()["items"] == [batch]
    with pytest.raises(ScannerFailed):
        await scan(open_work, waits[0]["id"])
    assert await uow.read_value("SELECT count(*) FROM crm_card_upload WHERE state = 'waiting'") == 40
    assert await uow.read_value(BYTES) == 40
    assert decoded == []


@pytest.mark.practice(14)
@pytest.mark.usefixtures("away")
async def test_what_waited_becomes_pictures_that_are_read_when_the_scanner_is_back(
    owner: Client, open_work: WorkOpener, uow: UnitOfWork, clamd: ScannerServer, ask_at: SetScanner
) -> None:
    batch_id = str(ids.new_id())
    waits = [await held(owner, picture((at, 0, 0)), batch_id=batch_id) for at in range(3)]

    ask_at(clamd.url)
    for each in waits:
        await scan(open_work, each["id"])

    batch = (await owner.get(f"{BATCHES}/{batch_id}")).json()
    assert (batch["photos"], batch["waiting"], batch["unscanned"]) == (3, 3, 0)
    photos = (await owner.get(PHOTOS)).json()["items"]
    # Each by the id that its sender gave it.
    assert {(photo["id"], photo["scan"]) for photo in photos} == {(each["id"], "clean") for each in waits}
    assert await became(owner, waits[0]["id"]) | {"decided_at": ""} == waits[0] | {
        "state": "taken", "scan": "clean", "photo_ids": [waits[0]["id"]], "decided_at": "",
    }  # fmt: skip
    assert await uow.read_value(BYTES) == 0
    wanted = "SELECT count(*) FROM mainstay_event WHERE name = 'crm.card_photo_received'"
    assert await uow.read_value(wanted) == 3


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
    (notice,) = (await owner.get("/api/v1/notifications")).json()["items"]
    assert (notice["kind"], notice["path"]) == ("files.infected", "/contacts/cards")
    assert [fact["value"] for fact in notice["facts"]][:2] == ["fair.zip", VIRUS_NAME]


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
    # Whatever the files are, the scanner is asked about none of them: it may fail at one each time.
    await uow.write("UPDATE crm_card_upload_chunk SET content = $1", VIRUS)
    counters, labels = open_work.setup.counters, {"kind": "crm.card_photo", "outcome": "infected"}
    before = counters.value(scanning.SCANNED, **labels)
    assert await tend() == 6
    assert counters.value(scanning.SCANNED, **labels) == before
    assert (await became(owner, first["id"]))["state"] == "waiting"


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
