"""The client against a service of this machine: bounds, tries, whom it trusts, what it tells."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import structlog

from mainstay import clock, context
from mainstay.net import failures
from mainstay.net import guard as guarding
from mainstay.net.breakers import STATE, Breakers
from mainstay.net.calls import CALLS, SECONDS
from mainstay.net.client import Client, Pace, asked_pause, open_client
from mainstay.net.exchange import Patience, Request, Response, default_trust
from mainstay.net.failures import CallFailed
from mainstay.net.guard import Allowed, Guard
from mainstay.net.partners import Partners
from mainstay.net.settings import NetSettings
from mainstay.observe.counters import Counters
from mainstay.observe.traces import SERVER, Span, Tracer
from mainstay.settings import Configuration
from mainstay.testing.frozen import FrozenClock
from mainstay.testing.receiver import Answer, Receiver

TRUST = default_trust()
HERE = Allowed.of(("127.0.0.1",))
BUSY = Answer(503)


@dataclass
class Waiting:
    """Time that only pauses move on, and how long they were."""

    present: float = 50.0
    pauses: list[float] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.present += seconds

    def pace(self) -> Pace:
        return Pace(lambda: self.present, self.pause, lambda: 0.5)


@pytest.fixture
def waiting() -> Waiting:
    return Waiting()


@pytest.fixture
async def client(waiting: Waiting) -> AsyncIterator[Client]:
    guard, counters = Guard(HERE), Counters()
    yield Client(guard, counters, Breakers(counters, failures=5, rest=60), TRUST, waiting.pace())
    guard.close()


def get(receiver: Receiver, query: str = "") -> Request:
    return Request("GET", receiver.url + query)


async def failure(client: Client, request: Request, patience: Patience | None = None) -> str:
    """Return the code with which a call fails."""
    with pytest.raises(CallFailed) as failed:
        await client.send(request, patience)
    return failed.value.code


async def test_a_request_arrives_as_it_is_with_the_id_of_what_is_in_hand(client: Client, receiver: Receiver) -> None:
    token = context.request_id.set("r-1")
    answer = await client.send(Request("POST", receiver.url + "?a=1", (("X-Kind", "test"),), b"hello"))
    context.request_id.reset(token)
    (got,) = receiver.got
    assert (answer.status, answer.content) == (200, b"ok")
    assert (got.line, got.body) == ("POST /hook?a=1 HTTP/1.1", b"hello")
    assert (got.headers["x-kind"], got.headers["x-request-id"]) == ("test", "r-1")
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize("manner", ["never", "drops"])
@pytest.mark.practice(87)
async def test_a_stalled_service_holds_up_nobody_and_the_call_ends_in_time(
    client: Client, receiver: Receiver, manner: str
) -> None:
    receiver.answers = [Answer(manner=manner)]
    turns, began = 0, clock.monotonic()
    call = asyncio.create_task(failure(client, get(receiver), Patience(total=0.5)))
    late = 0.0
    while not call.done():
        turn = clock.monotonic()
        await asyncio.sleep(0.01)
        late, turns = max(late, clock.monotonic() - turn), turns + 1
    assert await call == failures.TIMEOUT
    assert 0.4 <= clock.monotonic() - began < 3
    assert (turns > 10, late < 0.3) == (True, True)


async def test_an_endless_answer_is_a_failure_or_cut(client: Client, receiver: Receiver) -> None:
    receiver.answers = [Answer(manner="endless")]
    assert await failure(client, get(receiver)) == failures.TOO_LARGE
    request = Request("GET", receiver.url, most_bytes=1000, may_be_cut=True)
    answer = await client.send(request)
    assert (len(answer.content), answer.is_cut) == (1000, True)


async def test_an_answer_shorter_than_it_says_is_none(client: Client, receiver: Receiver) -> None:
    receiver.answers = [Answer(manner="short")]
    assert await failure(client, get(receiver)) == failures.BROKEN_OFF


async def test_no_redirect_is_followed(client: Client, receiver: Receiver) -> None:
    receiver.answers = [Answer(302, headers=(("Location", "http://127.0.0.1:1/"),))]
    assert (await client.send(get(receiver))).status == 302


async def test_no_proxy_of_the_environment_is_asked(
    client: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert (await client.send(get(receiver))).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_what_may_pass_is_tried_again_after_growing_pauses(
    client: Client, receiver: Receiver, waiting: Waiting, method: str
) -> None:
    receiver.answers = [BUSY, BUSY, Answer()]
    answer = await client.send(Request(method, receiver.url), tries=3)
    assert (answer.status, waiting.pauses) == (200, [0.375, 0.75])


async def test_a_post_is_repeated_only_under_a_key(client: Client, receiver: Receiver) -> None:
    receiver.answers = [BUSY, Answer()]
    assert (await client.send(Request("POST", receiver.url), tries=3)).status == 503
    receiver.answers = [BUSY, Answer()]
    assert (await client.send(Request("POST", receiver.url, (("Idempotency-Key", "k"),)), tries=3)).status == 200


async def test_what_cannot_have_arrived_is_sent_again_whatever_it_is(
    client: Client, receiver: Receiver, waiting: Waiting
) -> None:
    await receiver.stop()
    with pytest.raises(CallFailed) as failed:
        await client.send(Request("POST", receiver.url), tries=3)
    assert (failed.value.code, len(waiting.pauses)) == (failures.UNREACHABLE, 2)


async def test_a_pause_that_is_asked_for_is_made_within_the_time(
    client: Client, receiver: Receiver, waiting: Waiting
) -> None:
    receiver.answers = [Answer(429, headers=(("Retry-After", "7"),)), Answer()]
    assert (await client.send(get(receiver), tries=2)).status == 200
    receiver.answers = [Answer(429, headers=(("Retry-After", "3600"),)), Answer()]
    assert (await client.send(get(receiver), tries=2)).status == 429
    assert waiting.pauses == [7.0]


def test_a_pause_may_be_asked_for_by_date(clock: FrozenClock) -> None:
    moment = clock.now().replace(microsecond=0) + timedelta(seconds=9)
    found = asked_pause(Response(503, {"retry-after": f"{moment:%a, %d %b %Y %H:%M:%S GMT}"}, b""))
    assert found is not None
    assert 8 <= found <= 9
    assert [asked_pause(Response(503, {"retry-after": text}, b"")) for text in ("soon", "1" * 12)] == [None, None]


async def test_after_failures_in_a_row_a_service_is_left_alone_and_its_state_told(
    client: Client, receiver: Receiver
) -> None:
    receiver.answers = [Answer(500)]
    for _ in range(5):
        await client.send(get(receiver))
    assert await failure(client, get(receiver)) == failures.LEFT_ALONE
    name = f"127.0.0.1:{receiver.port}"
    assert (len(receiver.got), client.counters.value(STATE, destination=name)) == (5, 2)
    assert client.counters.value(CALLS, destination=name, outcome="left_alone") == 1
    assert client.counters.value(SECONDS, destination=name) > 0


async def test_a_refusal_says_nothing_against_a_service(client: Client, receiver: Receiver) -> None:
    receiver.answers = [Answer(404)]
    for _ in range(7):
        assert (await client.send(get(receiver))).status == 404


async def test_a_call_that_was_never_made_says_nothing_for_a_service_either(
    client: Client, waiting: Waiting, receiver: Receiver
) -> None:
    """Red when it counts as well: a service that is down was called again and again in between."""
    receiver.answers = [BUSY]
    strict = Guard()
    refusing = Client(strict, client.counters, client.breakers, TRUST, waiting.pace())
    for _ in range(4):
        await client.send(get(receiver))
    assert await failure(refusing, get(receiver)) == failures.REFUSED_ADDRESS
    await client.send(get(receiver))

    assert await failure(client, get(receiver)) == failures.LEFT_ALONE
    strict.close()


async def test_the_inside_is_not_called_and_the_checked_address_is_the_one_connected_to(
    waiting: Waiting, receiver: Receiver
) -> None:
    """A name that is public when it is looked at and private a moment later gains nothing: it is looked up once."""
    answers = iter([("127.0.0.1",), ("93.184.215.14",)])
    guard = Guard(HERE, lambda _host, _port: next(answers))
    client = Client(guard, Counters(), trust=TRUST, pace=waiting.pace())
    answer = await client.send(Request("GET", f"http://rebound.example:{receiver.port}/"))
    assert (answer.status, receiver.got[0].headers["host"]) == (200, f"rebound.example:{receiver.port}")
    guard.close()

    strict = Guard(lookup=lambda _host, _port: ("127.0.0.1",))
    client = Client(strict, Counters(), trust=TRUST)
    for host in ("inside.example", "127.0.0.1"):
        assert await failure(client, Request("GET", f"http://{host}:{receiver.port}/")) == failures.REFUSED_ADDRESS
    assert receiver.connections == 1
    strict.close()


async def test_without_the_guard_the_inside_is_reached(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: the guard alone is what stands between an address and this machine."""
    strict = Guard()
    client = Client(strict, Counters(), trust=TRUST)
    assert await failure(client, get(receiver)) == failures.REFUSED_ADDRESS

    monkeypatch.setattr(guarding, "is_public", lambda _address: True)
    assert (await client.send(get(receiver))).status == 200
    strict.close()


async def test_one_line_tells_of_a_call_and_nothing_that_is_secret(client: Client, receiver: Receiver) -> None:
    with structlog.testing.capture_logs() as lines:
        await client.send(Request("POST", receiver.url + "?key=s3cret", (("Authorization", "s3cret"),), b"s3cret"))
    (line,) = [line for line in lines if line["event"] == "call"]
    assert (line["host"], line["outcome"]) == (f"127.0.0.1:{receiver.port}", "status_200")
    assert "s3cret" not in str(lines)


async def test_the_settings_make_a_client_that_calls_the_owners_own_network(receiver: Receiver) -> None:
    partners = Partners(Breakers(Counters()), Counters())
    configuration = Configuration((NetSettings(allowed=("127.0.0.0/8",)),))
    async with open_client(configuration, partners) as client:
        assert (await client.send(get(receiver))).status == 200
    async with open_client(Configuration((NetSettings(),)), partners) as client:
        assert await failure(client, get(receiver)) == failures.REFUSED_ADDRESS


async def test_a_call_is_part_of_the_trace_in_hand_and_hands_it_on(client: Client, receiver: Receiver) -> None:
    spans: list[Span] = []
    receiver.answers = [Answer(500)]
    with Tracer(1.0, spans.append).running("request", SERVER, None) as first:
        await client.send(get(receiver, "?token=secret"))
    (got,), (call, _) = receiver.got, spans
    assert got.headers["traceparent"] == call.traceparent
    assert (call.parent_id, call.name, call.failure) == (first.span_id, "GET", "status_500")
    assert call.attributes == {
        "server.address": "127.0.0.1",
        "server.port": receiver.port,
        "mainstay.outcome": "status_500",
    }
