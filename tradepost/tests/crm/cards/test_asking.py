"""The line between the program and the processes that read cards: what goes over it, and what does not."""

import socket
import threading

import pytest
from pydantic import SecretStr
from vision_line import answered_by
from vision_server import Reply, VisionServer

from mainstay.net.breakers import FIGURES, STATE, Breakers
from mainstay.net.calls import CALLS
from mainstay.net.client import Client
from mainstay.net.failures import CallFailed
from mainstay.net.guard import Guard
from mainstay.net.partners import Partners
from mainstay.observe.counters import Counters
from tradepost.crm.cards.access import VisionAccess
from tradepost.crm.cards.asking import MOST_QUESTION, NOT_ASKED, FarEnd, Line, Vision

KEY = "k-4711-of-the-owner"  # pragma: allowlist secret


def vision(server: VisionServer, counters: Counters, seconds: float = 8.0) -> Vision:
    access = VisionAccess(server.url, SecretStr(KEY), seconds, 60.0)
    return Vision(access, Client(Guard(), counters), Partners(Breakers(counters), counters))


def code(line: Line) -> str:
    with pytest.raises(CallFailed) as failed:
        line.ask(b"{}")
    return failed.value.code


def test_a_question_gets_its_answer_and_the_program_adds_the_key() -> None:
    counters = Counters()
    with VisionServer([Reply(body=b"answer")]) as server, answered_by(vision(server, counters)) as line:
        for _ in range(2):
            assert line.ask(b"question") == b"answer"
            line.judge()
        name = f"vision://127.0.0.1:{server.port}"
    assert [(got.body, got.headers["X-Goog-Api-Key"]) for got in server.received] == [(b"question", KEY)] * 2
    assert counters.value(CALLS, destination=name, outcome="ok") == 2


def test_whoever_reads_the_answer_says_whether_it_makes_sense() -> None:
    counters = Counters()
    with VisionServer([Reply(body=b"<html>")]) as server, answered_by(vision(server, counters)) as line:
        for _ in range(3):
            line.ask(b"question")
            line.judge("bad_answer")
        assert code(line) == NOT_ASKED
        name = f"vision://127.0.0.1:{server.port}"
    assert len(server.received) == 3
    assert counters.value(CALLS, destination=name, outcome="bad_answer") == 3
    assert counters.value(STATE, destination=name) == FIGURES["open"]


def test_failures_come_over_the_line_by_their_code() -> None:
    with VisionServer([Reply(403)]) as server, answered_by(vision(server, Counters())) as line:
        assert [code(line) for _ in range(4)] == ["status_403"] * 3 + [NOT_ASKED]


def test_a_process_that_says_what_it_must_not_say_is_not_answered() -> None:
    with VisionServer() as server, answered_by(vision(server, Counters())) as line, pytest.raises(CallFailed):
        line.ask(bytes(MOST_QUESTION + 1))
    assert server.received == []


def test_a_program_that_is_gone_is_noticed() -> None:
    near, far = socket.socketpair()
    threading.Thread(target=near.close).start()
    assert code(FarEnd(far, 0.1)) == "unreachable"
    far.close()
