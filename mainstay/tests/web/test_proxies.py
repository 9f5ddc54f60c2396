"""Who called is what the trusted proxies say; forged headers of anybody else, and in front of theirs, count nothing."""

import ipaddress

import pytest
from starlette.types import Message, Receive, Scope, Send

from mainstay.web.proxies import TrustedProxies

PROXIES = tuple(map(ipaddress.ip_network, ("10.0.0.1", "192.168.0.0/24", "fd00::1")))


async def seen(client: str | None, *headers: tuple[str, str], proxies: object = PROXIES) -> tuple[str | None, str]:
    """Return caller and scheme as the program sees a request that came in the clear from `client`."""
    found: list[Scope] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        found.append(scope)

    async def receive() -> Message:
        raise AssertionError("nothing reads")

    async def send(_message: Message) -> None:
        raise AssertionError("nothing answers")

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    scope: Scope = {"type": "http", "scheme": "http", "headers": raw, "client": (client, "4711") if client else None}
    await TrustedProxies(app, proxies)(scope, receive, send)  # type: ignore[arg-type]  # networks
    caller = found[0]["client"]
    return (caller[0] if caller else None), found[0]["scheme"]


FORGED = [
    ("x-forwarded-for", "1.2.3.4"),
    ("x-forwarded-proto", "https"),
    ("forwarded", "for=1.2.3.4;proto=https"),
    ("x-real-ip", "1.2.3.4"),
    ("x-forwarded-scheme", "https"),
    ("x-client-ip", "1.2.3.4"),
    ("true-client-ip", "1.2.3.4"),
    ("cf-connecting-ip", "1.2.3.4"),
]


@pytest.mark.parametrize("caller", ["203.0.113.9", "10.0.0.2", "192.168.1.1", "2001:db8::7", "127.0.0.1"])
async def test_nothing_that_a_stranger_says_of_themselves_is_believed(caller: str) -> None:
    assert await seen(caller, *FORGED) == (caller, "http")


async def test_nobody_is_believed_where_no_proxy_was_named() -> None:
    assert await seen("127.0.0.1", *FORGED, proxies=()) == ("127.0.0.1", "http")


@pytest.mark.parametrize(
    ("stated", "caller"),
    [
        (["203.0.113.9"], "203.0.113.9"),
        # What the caller had written before the proxy added who called.
        (["1.2.3.4, 203.0.113.9"], "203.0.113.9"),
        (["1.2.3.4", "203.0.113.9"], "203.0.113.9"),
        (["10.0.0.1, 203.0.113.9"], "203.0.113.9"),
        # Through two of ours.
        (["1.2.3.4, 203.0.113.9, 192.168.0.7"], "203.0.113.9"),
        (["192.168.0.7"], "192.168.0.7"),
        # What is no address ends the list; who wrote it is the last that is known.
        (["203.0.113.9, unknown"], "10.0.0.1"),
        (["203.0.113.9, _hidden, 192.168.0.7"], "192.168.0.7"),
        (["<script>"], "10.0.0.1"),
        ([""], "10.0.0.1"),
        (["203.0.113.9:4711"], "203.0.113.9"),
        (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["2001:db8::7"], "2001:db8::7"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["1.2.3.4,,203.0.113.9,"], "203.0.113.9"),
    ],
)
async def test_the_last_that_no_trusted_proxy_wrote_is_the_caller(stated: list[str], caller: str) -> None:
    assert (await seen("10.0.0.1", *(("x-forwarded-for", each) for each in stated)))[0] == caller


@pytest.mark.parametrize(
    ("stated", "scheme"),
    [
        (["https"], "https"),
        (["HTTPS"], "https"),
        (["http"], "http"),
        (["https, http"], "http"),
        (["https", "http"], "http"),
        (["javascript"], "http"),
        ([], "http"),
    ],
)
async def test_the_scheme_is_what_the_nearest_proxy_saw(stated: list[str], scheme: str) -> None:
    assert (await seen("10.0.0.1", *(("x-forwarded-proto", each) for each in stated)))[1] == scheme


async def test_a_number_of_version_4_in_the_clothes_of_6_is_itself() -> None:
    """A socket of version 6 names callers of version 4 so."""
    assert await seen("::ffff:203.0.113.9") == ("203.0.113.9", "http")
    assert (await seen("::ffff:10.0.0.1", ("x-forwarded-for", "203.0.113.9")))[0] == "203.0.113.9"


async def test_a_caller_without_an_address_stays_without() -> None:
    assert await seen(None, *FORGED) == (None, "http")
    assert await seen("testclient", *FORGED) == ("testclient", "http")
