"""Processes that share a folder answer each other; here they are tasks of one process, at real sockets."""

import socket
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from mainstay.errors import ConfigurationError
from mainstay.observe.peers import SOCKET, Content, Peers, ProcessSettings


def peer(name: str, folder: Path | None) -> Peers:
    made = Peers(name, folder)

    async def answer(question: Content) -> Content:
        return {"name": name, "heard": question.get("said")}

    async def fail(_question: Content) -> Content:
        raise RuntimeError("a mistake")

    made.answers.update({"name": answer, "fail": fail})
    return made


@pytest.mark.parametrize("length", [20, 200])
async def test_whoever_asks_hears_all_however_long_the_path_is(tmp_path: Path, length: int) -> None:
    folder = tmp_path / ("f" * length)
    folder.mkdir()
    async with AsyncExitStack() as stack:
        first, second, worker = (peer(name, folder) for name in ("api-1", "api-2", "worker-1"))
        for each in (first, second, worker):
            await stack.enter_async_context(each.listening())

        replies = await second.ask("name", {"said": "hello"})
        one = await second.ask_one("worker-1", "name")

    assert [(reply.name, reply.content["name"], reply.content["heard"]) for reply in replies] == [
        (name, name, "hello") for name in ("api-1", "api-2", "worker-1")
    ]
    assert one is not None
    assert one.content["name"] == "worker-1"
    assert list(folder.iterdir()) == []


async def test_one_that_fails_is_gone_or_says_nothing_is_left_out(tmp_path: Path) -> None:
    asking, failing, silent = peer("api-1", tmp_path), peer("api-2", tmp_path), Peers("api-3", tmp_path)
    asking.answers["fail"] = asking.answers["name"]
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(tmp_path / f"api-4{SOCKET}"))
    async with asking.listening(), failing.listening(), silent.listening():
        replies = await asking.ask("fail")

        assert [reply.name for reply in replies] == ["api-1"]
        assert asking.others() == ["api-2", "api-3", "api-4"]
        assert await asking.ask_one("nobody", "name") is None
        assert await asking.ask_one("api-1", "nothing") is None


async def test_one_that_is_too_slow_is_left_out(tmp_path: Path) -> None:
    asking = peer("api-1", tmp_path)
    with socket.socket(socket.AF_UNIX) as slow:
        slow.bind(str(tmp_path / f"api-2{SOCKET}"))
        slow.listen()
        replies = await asking.ask("name", patience=0.05)

    assert [reply.name for reply in replies] == ["api-1"]


async def test_a_successor_takes_the_place_of_one_that_was_killed(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(tmp_path / f"api-2{SOCKET}"))
    async with peer("api-2", tmp_path).listening():
        assert len(await peer("api-1", tmp_path).ask("name")) == 2


async def test_without_a_folder_a_process_is_alone() -> None:
    alone = peer("api-1", None)
    async with alone.listening():
        assert [reply.name for reply in await alone.ask("name")] == ["api-1"]
        assert await alone.ask_one("api-2", "name") is None


def test_the_settings_say_the_name_or_the_role_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Peers.of(ProcessSettings(name="api-7"), "api").name == "api-7"
    first = Peers.of(ProcessSettings(), "worker")
    assert (first.name, first.role, first.folder) == ("worker-1", "worker", None)
    monkeypatch.setenv("SHOP_PROCESS_NAME", "../api")
    with pytest.raises(ConfigurationError, match="SHOP_PROCESS_NAME"):
        ProcessSettings.load("shop")
