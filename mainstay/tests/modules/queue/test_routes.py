"""The queue over HTTP: each route allowed, forbidden, not found and with bad input."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sample.notes import TICK, TRACE, NoteWritten

from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, WorkOpener

Queued = Callable[..., Awaitable[int]]
JOBS = "/api/v1/jobs"
SCHEDULES = "/api/v1/schedules"
FAILED = {"status": "failed", "attempts": 3}
NOBODY = 2**62
TOLD = "sample.told"
FAILURE = """
INSERT INTO mainstay_job_failure (job_id, attempt, error, reason, stack, request_id, duration_ms)
VALUES ($1, $2, 'RuntimeError', $3, 'sample/notes.py:7 trace', 'request-17', 12)
"""


async def listed(client: Client, **filters: str) -> list[dict[str, Any]]:
    answer = await client.get(JOBS, params=filters)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def state(client: Client, job_id: int) -> str:
    return str((await client.get(f"{JOBS}/{job_id}")).json()["state"])


async def effects(open_work: WorkOpener) -> list[str]:
    async with open_work(SYSTEM) as uow:
        return [row["about"] for row in await uow.read("SELECT about FROM sample_effect ORDER BY position")]


@pytest.mark.parametrize(
    ("method", "path", "right"),
    [
        ("GET", f"{JOBS}/standing", "queue.read"),
        ("GET", JOBS, "queue.read"),
        ("GET", f"{JOBS}/1", "queue.manage"),
        ("POST", f"{JOBS}/1/retry", "queue.manage"),
        ("POST", f"{JOBS}/1/cancel", "queue.manage"),
        ("DELETE", f"{JOBS}/1", "queue.manage"),
        ("POST", f"{JOBS}/bulk", "queue.manage"),
        ("POST", f"{JOBS}/retry", "queue.manage"),
        ("POST", f"{JOBS}/discard", "queue.manage"),
        ("GET", SCHEDULES, "queue.read"),
        ("POST", f"{SCHEDULES}/{TICK.name}/run", "queue.manage"),
    ],
)
async def test_only_who_holds_the_right_is_let_in(
    api: Client, cashier: Client, method: str, path: str, right: str
) -> None:
    assert (await api.request(method, path, json={"ids": [1]})).status_code in {401, 403}
    refused = await cashier.request(method, path, json={"ids": [1]})
    assert (refused.status_code, refused.json()["permission"]) == (403, right)


async def test_the_standing_counts_what_waits_runs_and_failed(
    owner: Client, queued: Queued, open_work: WorkOpener
) -> None:
    await queued()
    await queued(attempts=1)
    await queued(**FAILED)
    async with open_work(SYSTEM) as uow:
        worker = await uow.write_row("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        assert worker is not None
    await queued(status="doing", worker_id=worker["id"])

    standing = (await owner.get(f"{JOBS}/standing")).json()

    assert [standing[name] for name in ("waiting", "retrying", "running", "failed")] == [1, 1, 1, 1]
    assert standing["waiting_since"]
    assert [(one["id"], one["running"]) for one in standing["workers"]] == [(worker["id"], 1)]


async def test_jobs_are_listed_page_by_page_in_a_state_or_of_a_name(owner: Client, queued: Queued) -> None:
    waiting = [await queued() for _ in range(3)]
    failed = await queued(TOLD, **FAILED)

    first = (await owner.get(JOBS, params={"limit": 2})).json()
    rest = (await owner.get(JOBS, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [job["id"] for job in (*first["items"], *rest["items"])] == [failed, *reversed(waiting)]
    assert rest["next_cursor"] is None
    assert [job["id"] for job in await listed(owner, state="failed")] == [failed]
    assert [job["id"] for job in await listed(owner, name=TRACE.name)] == waiting[::-1]


@pytest.mark.parametrize(
    ("columns", "state", "can"),
    [
        ({}, "waiting", ["cancel"]),
        ({"attempts": 1}, "retrying", ["retry", "cancel"]),
        ({"status": "doing"}, "running", ["cancel"]),
        ({"status": "doing", "abort_requested": True}, "cancelling", []),
        ({"status": "failed", "attempts": 3}, "failed", ["retry", "discard"]),
        ({"status": "cancelled"}, "cancelled", ["retry", "discard"]),
        ({"status": "aborted"}, "cancelled", ["retry", "discard"]),
    ],
)
async def test_each_state_says_what_can_be_done(
    owner: Client, queued: Queued, columns: dict[str, object], state: str, can: list[str]
) -> None:
    await queued(**columns)

    (job,) = await listed(owner)

    assert (job["state"], job["can"]) == (state, can)


async def test_a_job_tells_its_event_and_how_its_tries_failed(
    owner: Client, queued: Queued, open_work: WorkOpener
) -> None:
    key = await queued(text="hello", **FAILED)
    async with open_work(SYSTEM) as uow:
        await uow.write(FAILURE, key, 1, None)
        await uow.write(FAILURE, key, 2, "The note is locked.")

    job = (await owner.get(f"{JOBS}/{key}")).json()

    assert (job["name"], job["event_name"], job["tries"]) == (TRACE.name, "sample.note_written", 3)
    assert job["payload"]["text"] == "hello"
    assert [(one["attempt"], one["reason"]) for one in job["failures"]] == [(2, "The note is locked."), (1, None)]
    assert job["failures"][0]["stack"] == "sample/notes.py:7 trace"
    assert (job["error"], job["reason"]) == ("RuntimeError", "The note is locked.")


async def test_what_an_event_says_under_the_name_of_a_secret_is_not_shown(
    owner: Client, queued: Queued, open_work: WorkOpener
) -> None:
    key = await queued()
    async with open_work(SYSTEM) as uow:
        secret = json.dumps({"event": {"payload": {"api_key": "s3cret", "to": [{"pin": "1234", "name": "Ada"}]}}})
        await uow.write("UPDATE procrastinate_jobs SET args = $2 WHERE id = $1", key, secret)

    payload = (await owner.get(f"{JOBS}/{key}")).json()["payload"]

    assert payload == {"api_key": "…", "to": [{"pin": "…", "name": "Ada"}]}


async def test_a_job_that_failed_for_good_is_tried_again_with_all_its_tries(
    owner: Client, queued: Queued, open_work: WorkOpener, run_jobs: Callable[[], Awaitable[int]]
) -> None:
    key = await queued(text="hello", **FAILED)

    assert (await owner.post(f"{JOBS}/{key}/retry")).status_code == 204

    (job,) = await listed(owner)
    assert (job["state"], job["attempts"]) == ("waiting", 0)
    await run_jobs()
    assert await effects(open_work) == ["hello"]


async def test_a_job_that_told_of_its_failure_is_started_again_where_it_was(owner: Client, queued: Queued) -> None:
    key = await queued(TOLD, **FAILED)

    refused = await owner.post(f"{JOBS}/{key}/retry")

    assert (refused.status_code, refused.json()["code"]) == (409, "queue.not_repeatable")
    (job,) = await listed(owner)
    assert (job["state"], job["can"]) == ("failed", ["discard"])


async def test_a_job_that_this_version_does_not_have_is_not_tried_again(owner: Client, queued: Queued) -> None:
    key = await queued(task_name="sample.gone", **FAILED)

    refused = await owner.post(f"{JOBS}/{key}/retry")

    assert (refused.status_code, refused.json()["code"]) == (409, "queue.not_repeatable")
    assert "no such job" in refused.json()["detail"]


async def test_a_cancelled_job_is_not_run_and_who_waits_for_it_is_told(
    owner: Client, queued: Queued, open_work: WorkOpener, run_jobs: Callable[[], Awaitable[int]]
) -> None:
    keys = [await queued(TOLD, "one"), await queued(TRACE.name, "two")]

    for key in keys:
        assert (await owner.post(f"{JOBS}/{key}/cancel")).status_code == 204

    assert [await state(owner, key) for key in keys] == ["cancelled", "cancelled"]
    assert await run_jobs() == 0
    assert await effects(open_work) == ["told of one"]


@pytest.mark.parametrize("event", [{"name": "sample.gone", "payload": {}}, {"name": NoteWritten.name, "payload": {}}])
async def test_a_job_in_words_of_an_older_version_is_cancelled_though_nobody_can_be_told(
    owner: Client, queued: Queued, open_work: WorkOpener, event: dict[str, object]
) -> None:
    key = await queued(TOLD, args=json.dumps({"event": event}))

    assert (await owner.post(f"{JOBS}/{key}/cancel")).status_code == 204

    assert await state(owner, key) == "cancelled"
    assert await effects(open_work) == []


async def test_a_running_job_is_asked_to_break_off(owner: Client, queued: Queued, open_work: WorkOpener) -> None:
    key = await queued(TOLD, status="doing")

    assert (await owner.post(f"{JOBS}/{key}/cancel")).status_code == 204

    assert await state(owner, key) == "cancelling"
    assert await effects(open_work) == [], "its worker tells, once it has broken off"


async def test_a_discarded_job_is_gone(owner: Client, queued: Queued) -> None:
    key = await queued(**FAILED)

    assert (await owner.delete(f"{JOBS}/{key}")).status_code == 204

    gone = await owner.get(f"{JOBS}/{key}")
    assert (gone.status_code, gone.json()["code"]) == (404, "queue.job_unknown")


@pytest.mark.parametrize(
    ("method", "act", "columns"),
    [
        ("POST", "/retry", {}),
        ("POST", "/retry", {"status": "doing"}),
        ("POST", "/cancel", {"status": "failed"}),
        ("POST", "/cancel", {"status": "cancelled"}),
        ("DELETE", "", {}),
        ("DELETE", "", {"status": "doing"}),
    ],
)
async def test_in_another_state_an_act_is_refused_and_changes_nothing(
    owner: Client, queued: Queued, method: str, act: str, columns: dict[str, object]
) -> None:
    key = await queued(**columns)
    before = await listed(owner)

    refused = await owner.request(method, f"{JOBS}/{key}{act}")

    assert (refused.status_code, refused.json()["code"]) == (409, "queue.wrong_state")
    assert await listed(owner) == before


@pytest.mark.parametrize(("method", "act"), [("GET", ""), ("POST", "/retry"), ("POST", "/cancel"), ("DELETE", "")])
async def test_a_job_that_is_not_there_is_not_found(owner: Client, method: str, act: str) -> None:
    missing = await owner.request(method, f"{JOBS}/{NOBODY}{act}")

    assert (missing.status_code, missing.json()["code"]) == (404, "queue.job_unknown")


@pytest.mark.parametrize(
    ("act", "columns", "rest"), [("retry", FAILED, "waiting"), ("discard", FAILED, None)], ids=["retry", "discard"]
)
async def test_of_many_jobs_each_is_told_of_by_itself(
    owner: Client, queued: Queued, act: str, columns: dict[str, object], rest: str | None
) -> None:
    good, bad = await queued(**columns), await queued(status="doing")

    answer = await owner.post(f"{JOBS}/{act}", json={"ids": [good, bad, NOBODY, good]})

    told = [(one["id"], one["is_done"], one["code"]) for one in answer.json()["items"]]
    assert told == [(good, True, None), (bad, False, "queue.wrong_state"), (NOBODY, False, "queue.job_unknown")]
    assert {job["id"]: job["state"] for job in await listed(owner)}.get(good) == rest


async def change(client: Client, act: str, *keys: int) -> list[tuple[int, str, str | None]]:
    """Do something with many jobs, and return what became of each."""
    body = {"change": {"kind": act}, "items": [{"id": key} for key in keys]}
    answer = await client.post(f"{JOBS}/bulk", json=body)
    assert answer.status_code == 200, answer.text
    return [(one["id"], one["outcome"], one["code"]) for one in answer.json()["items"]]


@pytest.mark.parametrize(
    ("act", "columns", "rest"),
    [("retry", FAILED, "waiting"), ("discard", FAILED, None), ("cancel", {"attempts": 1}, "cancelled")],
    ids=["retry", "discard", "cancel"],
)
async def test_of_a_bulk_change_each_job_is_told_of_by_itself_and_is_on_record(
    owner: Client, queued: Queued, act: str, columns: dict[str, object], rest: str | None
) -> None:
    good, elsewhere = await queued(**columns), await queued(TOLD, **columns)
    bad = await queued(status="doing", abort_requested=True)

    told = await change(owner, act, NOBODY, elsewhere, bad, good)

    # One that told of its failure is started again where it was.
    other = ("refused", "queue.not_repeatable") if act == "retry" else ("changed", None)
    assert told == [
        (NOBODY, "unknown", "queue.job_unknown"),
        (elsewhere, *other),
        (bad, "refused", "queue.wrong_state"),
        (good, "changed", None),
    ]
    assert {job["id"]: job["state"] for job in await listed(owner)}.get(good) == rest
    entries = (await owner.get("/api/v1/audit/entries")).json()["items"]
    assert {entry["object_id"] for entry in entries if entry["act"].startswith("queue.")} == {
        str(key) for key, outcome, _ in told if outcome == "changed"
    }


async def test_many_jobs_cost_as_many_statements_as_one(owner: Client, queued: Queued) -> None:
    """A client of tests refuses a request that makes one statement more than twenty times."""
    keys = [await queued(**FAILED) for _ in range(30)]

    assert {outcome for _, outcome, _ in await change(owner, "retry", *keys)} == {"changed"}
    assert {outcome for _, outcome, _ in await change(owner, "cancel", *keys)} == {"changed"}
    assert {outcome for _, outcome, _ in await change(owner, "discard", *keys)} == {"changed"}


async def test_the_former_ways_are_said_to_be_outdated(owner: Client, queued: Queued) -> None:
    for act in ("retry", "discard"):
        answer = await owner.post(f"{JOBS}/{act}", json={"ids": [await queued(**FAILED)]})
        assert answer.headers["link"] == '</api/v1/jobs/bulk>; rel="successor-version"'


@pytest.mark.parametrize("items", [[], [{"id": 1}] * 2, [{"id": 0}], [{"id": 2**63}], [{"id": 1, "version": 1}]])
async def test_bad_items_of_a_bulk_change_are_refused(owner: Client, items: list[object]) -> None:
    answer = await owner.post(f"{JOBS}/bulk", json={"change": {"kind": "retry"}, "items": items})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


@pytest.mark.parametrize("ids", [[], list(range(1, 102)), ["one"], [0], [2**63]])
async def test_bad_lists_of_jobs_are_refused(owner: Client, ids: list[object]) -> None:
    assert (await owner.post(f"{JOBS}/retry", json={"ids": ids})).status_code == 422


@pytest.mark.parametrize("params", [{"state": "lost"}, {"limit": 0}])
async def test_bad_filters_are_refused(owner: Client, params: dict[str, str | int]) -> None:
    assert (await owner.get(JOBS, params=params)).status_code == 422


async def test_every_act_is_on_record(owner: Client, queued: Queued) -> None:
    failed, waiting, lost = await queued(**FAILED), await queued(), await queued(**FAILED)
    await owner.post(f"{JOBS}/{failed}/retry")
    await owner.post(f"{JOBS}/{waiting}/cancel")
    await owner.delete(f"{JOBS}/{lost}")
    await owner.post(f"{SCHEDULES}/{TICK.name}/run")

    entries = (await owner.get("/api/v1/audit/entries")).json()["items"]

    told = [(entry["act"], entry["object_id"], entry["old"]) for entry in entries if entry["act"].startswith("queue.")]
    assert told == [
        ("queue.schedule_run", TICK.name, None),
        ("queue.job_discarded", str(lost), {"name": TRACE.name, "state": "failed"}),
        ("queue.job_cancelled", str(waiting), {"name": TRACE.name, "state": "waiting"}),
        ("queue.job_retried", str(failed), {"name": TRACE.name, "state": "failed"}),
    ]


@pytest.mark.practice(83)
async def test_schedules_tell_when_they_run_next_and_how_it_went(
    owner: Client, open_work: WorkOpener, frozen_time: FrozenClock
) -> None:
    frozen_time.move_to(datetime(2027, 3, 1, 12, 0, tzinfo=UTC))
    async with open_work(SYSTEM) as uow:
        await uow.write(
            "INSERT INTO mainstay_schedule_run (name, moment, outcome, error, duration_ms) "
            "VALUES ($1, '2024-02-29Z', 'failed', 'RuntimeError', 7)",
            TICK.name,
        )

    schedules = {one["name"]: one for one in (await owner.get(SCHEDULES)).json()["items"]}

    assert list(schedules) == sorted(schedules)
    assert schedules[TICK.name]["next_at"] == "2028-02-29T00:00:00Z"
    assert schedules[TICK.name]["last_moment"] == "2024-02-29T00:00:00Z"
    assert (schedules[TICK.name]["last_outcome"], schedules[TICK.name]["last_error"]) == ("failed", "RuntimeError")
    upkeep = schedules["mainstay.forget_done_jobs"]
    assert (upkeep["next_at"], upkeep["last_outcome"]) == ("2027-03-02T03:17:00Z", None)


async def test_a_schedule_is_run_at_once(owner: Client) -> None:
    assert (await owner.post(f"{SCHEDULES}/{TICK.name}/run")).status_code == 202

    (job,) = await listed(owner)
    assert (job["name"], job["state"], job["event_name"]) == (TICK.name, "waiting", None)
    assert job["moment"]
    schedules = {one["name"]: one["is_pending"] for one in (await owner.get(SCHEDULES)).json()["items"]}
    assert {name for name, is_pending in schedules.items() if is_pending} == {TICK.name}


async def test_a_schedule_that_the_program_does_not_have_is_not_found(owner: Client) -> None:
    missing = await owner.post(f"{SCHEDULES}/sample.lost/run")

    assert (missing.status_code, missing.json()["code"]) == (404, "queue.schedule_unknown")
