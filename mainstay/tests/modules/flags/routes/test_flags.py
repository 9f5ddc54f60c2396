"""Flags over HTTP: seen, steered, tried for somebody; each route allowed, forbidden, not found and with bad input."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

FLAGS, READ_ONLY, BELL, SIGN = "/api/v1/flags", "flags.read_only", "lab.bell", "lab.sign"
Look = Callable[[], Awaitable[None]]
# What the audit trail has of changes, the oldest first.
ACTS = """
SELECT e.act, e.object_id, p.content FROM audit_entry AS e JOIN audit_private AS p ON p.position = e.position
WHERE e.act LIKE 'flags.%' AND p.part = 'change' ORDER BY e.position
"""


async def put(client: Client, key: str, version: int = 0, **how: object) -> Any:  # noqa: ANN401  an answer as it came
    return await client.put(f"{FLAGS}/{key}", json={"version": version, **how})


@pytest.mark.parametrize(("method", "path"), [("GET", FLAGS), ("GET", f"{FLAGS}/preview"), ("PUT", f"{FLAGS}/{BELL}")])
async def test_only_who_holds_the_right_is_let_in(api: Client, cashier: Client, method: str, path: str) -> None:
    body = {"version": 0} if method == "PUT" else None

    assert (await api.request(method, path, json=body)).status_code in {401, 403}
    assert (await cashier.request(method, path, json=body)).status_code == 403


async def test_all_flags_are_listed_with_what_they_switch(owner: Client) -> None:
    items = (await owner.get(FLAGS)).json()["items"]

    assert [each["key"] for each in items] == [READ_ONLY, BELL, SIGN]
    bell = items[1]
    assert bell["says"] == {"en": "The bell rings.", "ru": "Колокольчик звонит."}
    assert (bell["values"], bell["default"], bell["otherwise"], bell["rules"]) == ([False, True], False, None, [])
    assert (bell["version"], bell["changed_at"], items[2]["values"]) == (0, None, ["plain", "large"])


async def test_a_change_is_kept_whole_and_on_record_with_before_and_after(owner: Client, uow: UnitOfWork) -> None:
    person, place = str(uuid4()), str(uuid4())
    whole = {
        "value": True,
        "roles": ["cashier"],
        "places": [place],
        "actors": [person],
        "percent": 25,
        "since": "2026-11-30T10:00:00Z",
        "until": "2026-12-30T10:00:00Z",
    }

    first = await put(owner, BELL, rules=[whole], otherwise=True, reason="a fair")
    second = await put(owner, BELL, 1, otherwise=False)

    assert first.status_code == second.status_code == 200
    assert (first.json()["rules"], first.json()["version"], second.json()["version"]) == ([whole], 1, 2)
    assert (await owner.get(FLAGS)).json()["items"][1]["otherwise"] is False
    acts = [(row["act"], row["object_id"], row["content"]) for row in await uow.read(ACTS)]
    assert [(act, key) for act, key, _ in acts] == [("flags.flag_changed", BELL)] * 2
    assert acts[0][2]["old"] == {"rules": [], "otherwise": None}
    assert (acts[0][2]["reason"], acts[0][2]["new"]["rules"][0]["percent"]) == ("a fair", 25)
    assert acts[1][2]["old"] == acts[0][2]["new"]
    assert acts[1][2]["new"] == {"rules": [], "otherwise": False}


async def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(owner: Client) -> None:
    await put(owner, BELL, otherwise=True)

    for version in (0, 7):
        answer = await put(owner, BELL, version, otherwise=False)
        assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")
        assert answer.json()["theirs"] == {"key": BELL, "rules": [], "otherwise": True, "version": 1}
    assert (await put(owner, SIGN, 3, otherwise="large")).json()["theirs"]["version"] == 0


@pytest.mark.parametrize(
    ("key", "how", "status", "code"),
    [
        ("lab.none", {}, 404, "flags.flag_unknown"),
        (BELL, {"otherwise": "large"}, 422, "flags.rule_refused"),
        (SIGN, {"rules": [{"value": True}]}, 422, "flags.rule_refused"),
        (READ_ONLY, {"rules": [{"value": True, "roles": ["cashier"]}]}, 422, "flags.rule_refused"),
        (READ_ONLY, {"rules": [{"value": True, "percent": 50}]}, 422, "flags.rule_refused"),
        (
            BELL,
            {"rules": [{"value": True, "since": "2026-11-30T10:00:00Z", "until": "2026-11-30T10:00:00Z"}]},
            422,
            "flags.rule_refused",
        ),
        (BELL, {"otherwise": 1}, 422, "invalid_input"),
        (BELL, {"rules": [{"value": True, "percent": 101}]}, 422, "invalid_input"),
        (BELL, {"rules": [{"value": True, "since": "2026-11-30T10:00:00"}]}, 422, "invalid_input"),
        (BELL, {"rules": [{"value": True, "colour": "red"}]}, 422, "invalid_input"),
        ("Bell", {}, 422, "invalid_input"),
    ],
)
async def test_what_does_not_fit_is_refused_and_changes_nothing(
    owner: Client, key: str, how: dict[str, object], status: int, code: str
) -> None:
    answer = await put(owner, key, 0, **how)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert {each["version"] for each in (await owner.get(FLAGS)).json()["items"]} == {0}


async def test_everybody_is_told_what_holds_for_them(owner: Client, cashier: Client, api: Client, look: Look) -> None:
    await put(owner, BELL, rules=[{"value": True, "roles": ["cashier"]}])
    await look()

    assert (await cashier.get(f"{FLAGS}/mine")).json() == {
        "values": {READ_ONLY: False, BELL: True, SIGN: "plain"},
        "is_read_only": False,
    }
    assert (await owner.get(f"{FLAGS}/mine")).json()["values"][BELL] is False
    assert (await api.get(f"{FLAGS}/mine")).status_code == 401


async def test_what_somebody_would_get_is_told_with_the_reason_before_any_process_knows(owner: Client) -> None:
    place = str(uuid4())
    rules = [{"value": "plain", "roles": ["owner"]}, {"value": "large", "places": [place]}]
    await put(owner, SIGN, rules=rules)

    async def preview(**who: str) -> dict[str, object]:
        items = (await owner.get(f"{FLAGS}/preview", params=who)).json()["items"]
        return next(dict(each) for each in items if each["key"] == SIGN)

    assert await preview(role="cashier", place_id=place) == {
        "key": SIGN,
        "value": "large",
        "reason": "rule",
        "rule": 1,
    }
    assert (await preview(role="owner", place_id=place))["rule"] == 0
    assert (await preview(actor_id=str(uuid4())))["reason"] == "default"
    assert (await owner.get(f"{FLAGS}/preview", params={"place_id": "here"})).status_code == 422
