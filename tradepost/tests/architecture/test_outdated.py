"""Whatever of the API is going away says so: to its callers, in the numbers and the list of them, in the changelog."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from mainstay.bootstrap.operations import program_operations
from mainstay.observe.counters import Counters
from mainstay.testing.client import Client
from mainstay.web.operation import Operation
from mainstay.web.outdated import CALLS
from tools.process import ROOT
from tradepost.main import make_program

OUTDATED = [each for each in program_operations(make_program()) if each.outdated is not None]
# What each of them takes; a job that is not there is told of in the answer.
BODIES = {"POST /api/v1/jobs/retry": {"ids": [1]}, "POST /api/v1/jobs/discard": {"ids": [1]}}


def test_each_of_them_is_called_here() -> None:
    assert {each.title for each in OUTDATED} == BODIES.keys()


@pytest.mark.practice(68)
@pytest.mark.parametrize("operation", OUTDATED, ids=lambda each: each.title)
async def test_callers_of_what_is_going_away_are_told_when_and_what_to_call_and_are_counted_and_listed(
    owner: Client, sign_in_as: Callable[[str], Awaitable[Client]], app: FastAPI, operation: Operation
) -> None:
    verb, path = operation.title.split(" ")
    counters: Counters = app.state.counters
    before = counters.value(CALLS, operation=operation.title)

    answer = await owner.request(verb, path, json=BODIES[operation.title])

    assert answer.status_code == 200, answer.text
    since = datetime.fromtimestamp(int(answer.headers["deprecation"].removeprefix("@")), UTC)
    until = datetime.strptime(answer.headers["sunset"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert since < until
    (successor,) = re.findall(r'^<(.+)>; rel="successor-version"$', answer.headers["link"])
    assert successor in {each.path_format for each in program_operations(make_program()) if each.outdated is None}
    assert counters.value(CALLS, operation=operation.title) == before + 1
    listed = {each["operation"]: each for each in (await owner.get("/api/v1/interface/outdated")).json()["items"]}
    told = listed[operation.title]
    assert [each["caller"] for each in told["callers"]] == [f"person:{owner.person_id}"]


@pytest.mark.practice(68)
@pytest.mark.parametrize("operation", OUTDATED, ids=lambda each: each.title)
def test_the_changelog_says_what_is_going_away_until_when_and_what_takes_its_place(operation: Operation) -> None:
    assert operation.outdated is not None
    assert operation.outdated.until is not None
    entries = re.findall(r"^- .*(?:\n  .*)*", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    about = [" ".join(each.split()) for each in entries if f"`{operation.title}`" in " ".join(each.split())]

    assert about, f"{operation.title} is not in CHANGELOG.md"
    assert any("outdated" in each for each in about)
    assert any(operation.outdated.until.date().isoformat() in each for each in about)
    assert any(str(operation.outdated.successor) in each for each in about)
