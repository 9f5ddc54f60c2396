"""Processes do what they are told together, and newcomers what the others were told."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mainstay import clock
from mainstay.bootstrap.steering import Steering
from mainstay.observe.levels import LEVELS
from mainstay.observe.peers import Peers


def wanted(level: str, seconds: float = 60) -> dict[str, Any]:
    return {"level": level, "until": (clock.now() + timedelta(seconds=seconds)).isoformat()}


async def ask(peers: Peers, changes: dict[str, Any]) -> dict[str, Any]:
    (reply,) = await peers.ask("levels", {"changes": changes})
    return dict(reply.content)


async def test_a_level_is_changed_told_and_taken_back() -> None:
    peers = Peers("api-1")
    async with Steering(peers).followed():
        change = wanted("debug")
        assert (await ask(peers, {"sample": change}))["changes"] == {"sample": change}
        assert (await ask(peers, {}))["changes"] == {"sample": change}
        assert (await ask(peers, {"sample": None}))["changes"] == {}


async def test_it_returns_to_normal_by_itself() -> None:
    peers = Peers("api-1")
    async with Steering(peers).followed():
        await ask(peers, {"sample": wanted("debug")})
        await ask(peers, {"sample": wanted("warning", 0.05)})
        deadline = clock.monotonic() + 10
        while LEVELS.changes():
            assert clock.monotonic() < deadline, "it was left on"
            await asyncio.sleep(0.01)


async def test_at_the_end_and_at_a_start_nothing_is_left_on() -> None:
    peers = Peers("api-1")
    async with Steering(peers).followed():
        await ask(peers, {"sample": wanted("debug")})

    assert LEVELS.changes() == {}


async def test_a_newcomer_takes_over_what_the_others_were_told(tmp_path: Path) -> None:
    """Processes of one test share their loggers: the newcomer is told by one that says more than holds here."""
    old, new = Peers("worker-1", tmp_path), Peers("api-1", tmp_path)

    async def told(_question: object) -> dict[str, Any]:
        return {"base": "info", "changes": {"sample": wanted("error")}}

    old.answers["levels"] = told
    async with old.listening(), Steering(new).followed():
        assert LEVELS.changes()["sample"].level == "error"


@pytest.mark.parametrize("is_shared", [False, True])
async def test_one_profile_is_taken_at_a_time(tmp_path: Path, *, is_shared: bool) -> None:
    first = Peers("api-1", tmp_path if is_shared else None)
    Steering(first)
    second = first
    if is_shared:
        second = Peers("api-2", tmp_path)
        Steering(second)

    told = await asyncio.gather(*(peers.ask_one(peers.name, "profile", {"seconds": 0.3}) for peers in (first, second)))

    answers = [dict(reply.content) for reply in told if reply is not None]
    assert sorted(bool(each.get("is_busy")) for each in answers) == [False, True]
    (made,) = (each for each in answers if "is_busy" not in each)
    assert int(str(made["looks"])) >= 1
