"""One request to a service outside: its bounds in time and size, what is tried again, and whom it trusts."""

import asyncio
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from vision_server import Reply, VisionServer

from mainstay import clock
from mainstay.net.client import SHORTEST_PAUSE, Client, Pace, spread
from mainstay.net.exchange import default_trust
from mainstay.net.failures import CallFailed
from mainstay.net.guard import Guard
from mainstay.observe.counters import Counters
from mainstay.testing.frozen import FrozenClock
from tradepost.crm.cards.calling import MOST_BYTES, Caller, Request

BUSY = Reply(503)
GOOD = Reply(body=b"good")
TRUST = default_trust()


def client_of(pace: Pace | None = None, trust: ssl.SSLContext = TRUST) -> Client:
    """Return the client of a program that may call nothing inside of the network."""
    return Client(Guard(), Counters(), trust=trust, pace=pace or Pace())


@dataclass
class Waiting:
    """A clock that only pauses move on, and how long they were."""

    present: float = 50.0
    pauses: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.present

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.present += seconds

    def caller(self, seconds: float = 8.0, chance: float = 0.5) -> Caller:
        return Caller(client_of(Pace(self.now, self.pause, lambda: chance)), seconds)


@pytest.fixture
def server() -> Iterator[VisionServer]:
    with VisionServer() as started:
        yield started


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


def request_to(server: VisionServer) -> Request:
    return Request(server.url, (("X-Goog-Api-Key", "k-4711"), ("Accept-Encoding", "identity")), b"{}")


def posted(caller: Caller, server: VisionServer) -> bytes:
    return asyncio.run(caller.post(request_to(server)))


def failure(server: VisionServer, caller: Caller) -> str:
    """Return the code with which a call fails."""
    with pytest.raises(CallFailed) as failed:
        posted(caller, server)
    return failed.value.code


def test_what_is_posted_arrives_and_the_content_comes_back(server: VisionServer, waiting: Waiting) -> None:
    server.replies = [GOOD]
    assert posted(waiting.caller(), server) == b"good"
    (received,) = server.received
    assert (received.path, received.headers["X-Goog-Api-Key"]) == ("/v1/images:annotate", "k-4711")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(server: VisionServer, waiting: Waiting, status: int) -> None:
    server.replies = [Reply(status), GOOD]
    assert posted(waiting.caller(), server) == b"good"


def test_pauses_grow_and_are_spread_and_the_tries_end(server: VisionServer, waiting: Waiting) -> None:
    server.replies = [BUSY]
    assert failure(server, waiting.caller(chance=0.5)) == "status_503"
    assert (len(server.received), waiting.pauses) == (3, [SHORTEST_PAUSE * 1.5, SHORTEST_PAUSE * 3.0])


def test_chance_lies_between_nought_and_one() -> None:
    drawn = {spread() for _ in range(100)}
    assert len(drawn) > 10
    assert all(0 <= one <= 1 for one in drawn)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 501])
def test_what_will_not_pass_is_not_tried_again(server: VisionServer, waiting: Waiting, status: int) -> None:
    server.replies = [Reply(status), GOOD]
    assert failure(server, waiting.caller()) == f"status_{status}"
    assert (len(server.received), waiting.pauses) == (1, [])


def test_a_service_that_asks_for_a_pause_gets_it(server: VisionServer, waiting: Waiting) -> None:
    server.replies = [Reply(429, headers=(("Retry-After", "3"),)), GOOD]
    assert posted(waiting.caller(), server) == b"good"
    assert waiting.pauses == [3.0]


def test_a_pause_may_be_asked_for_by_date(server: VisionServer, waiting: Waiting, clock: FrozenClock) -> None:
    moment = clock.now().replace(microsecond=0) + timedelta(seconds=4)
    server.replies = [Reply(429, headers=(("Retry-After", f"{moment:%a, %d %b %Y %H:%M:%S GMT}"),)), GOOD]
    assert posted(waiting.caller(), server) == b"good"
    assert 3 <= waiting.pauses[0] <= 4


def test_a_pause_without_a_sense_is_one_of_our_own(server: VisionServer, waiting: Waiting) -> None:
    server.replies = [Reply(429, headers=(("Retry-After", "soon"),)), GOOD]
    posted(waiting.caller(chance=0), server)
    assert waiting.pauses == [SHORTEST_PAUSE]


def test_a_pause_longer_than_the_time_that_is_left_ends_it_at_once(server: VisionServer, waiting: Waiting) -> None:
    server.replies = [Reply(429, headers=(("Retry-After", "3600"),)), GOOD]
    assert failure(server, waiting.caller()) == "status_429"
    assert (len(server.received), waiting.pauses) == (1, [])


def test_a_service_that_is_not_there_is_tried_again(waiting: Waiting) -> None:
    with VisionServer() as gone:
        pass
    assert failure(gone, waiting.caller()) == "unreachable"
    assert len(waiting.pauses) == 2


def test_a_service_that_says_nothing_is_left_when_the_time_is_over(server: VisionServer) -> None:
    server.replies = [Reply(manner="never")]
    began = clock.monotonic()
    assert failure(server, Caller(client_of(), 0.3)) == "timeout"
    assert 0.3 <= clock.monotonic() - began < 3
    assert len(server.received) == 1


def test_an_answer_by_drops_does_not_prolong_the_time(server: VisionServer) -> None:
    server.replies = [Reply(manner="by drops")]
    began = clock.monotonic()
    assert failure(server, Caller(client_of(), 0.3)) == "timeout"
    assert clock.monotonic() - began < 3


def test_no_try_begins_after_the_time_is_over(server: VisionServer, waiting: Waiting) -> None:
    assert failure(server, waiting.caller(seconds=0.0)) == "timeout"
    assert server.received == []


def test_an_answer_that_is_too_large_is_not_read_to_its_end(server: VisionServer, waiting: Waiting) -> None:
    server.replies = [Reply(body=bytes(MOST_BYTES)), Reply(body=bytes(MOST_BYTES + 1))]
    assert len(posted(waiting.caller(), server)) == MOST_BYTES
    assert failure(server, waiting.caller()) == "too_large"


def test_an_answer_that_breaks_off_is_none(server: VisionServer, waiting: Waiting) -> None:
    server.replies = [Reply(body=b"half", manner="broken off")]
    assert failure(server, waiting.caller()) == "broken_off"


def test_a_packed_answer_is_refused(server: VisionServer, waiting: Waiting) -> None:
    server.replies = [Reply(body=b"x", headers=(("Content-Encoding", "gzip"),))]
    assert failure(server, waiting.caller()) == "bad_answer"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(server: VisionServer, waiting: Waiting, status: int) -> None:
    """The picture and the key are for one receiver."""
    with VisionServer() as other:
        server.replies = [Reply(status, headers=(("Location", other.url),))]
        assert failure(server, waiting.caller()) == f"status_{status}"
        assert other.received == []


def test_no_proxy_of_the_environment_is_asked(
    server: VisionServer, waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with VisionServer() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        posted(waiting.caller(), server)
        assert (len(server.received), proxy.received) == (1, [])


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, signed by nobody but itself."""
    path = tmp_path / "server.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    out = subprocess.run([*made, *subject, "-keyout", "-", "-out", "-"], capture_output=True, check=True).stdout
    path.write_bytes(out)
    return path


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_that_nobody_vouches_for_gets_nothing(certificate: Path, waiting: Waiting) -> None:
    with VisionServer(tls=serving(certificate)) as server:
        assert failure(server, waiting.caller()) == "not_trusted"
        assert (server.received, waiting.pauses) == ([], [])


def test_a_certificate_that_is_vouched_for_is_served_over_tls(certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=str(certificate))
    with VisionServer([GOOD], tls=serving(certificate)) as server:
        assert posted(Caller(client_of(trust=trust), 8.0), server) == b"good"


def test_neither_headers_nor_content_are_shown(server: VisionServer) -> None:
    shown = repr(Request("https://a.example", (("X-Goog-Api-Key", "k-4711"),), b"picture"))
    assert "k-4711" not in shown
    assert "picture" not in shown
