"""The one connection to Redis: what its address says, and answers in their order."""

import asyncio
from collections.abc import Iterator

import hiredis
import pytest
from valkey_server import Valkey, valkey_in

from mainstay.errors import ConfigurationError
from mainstay.net.resp import Line, Lost, Place

PASSWORD = "p w"  # pragma: allowlist secret


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A server that wants a password."""
    with valkey_in(tmp_path_factory.mktemp("valkey"), "--requirepass", PASSWORD) as server:
        yield server


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://cache.example", Place("cache.example")),
        ("redis://cache.example:7000/3", Place("cache.example", 7000, greeting=(("SELECT", 3),))),
        ("rediss://:s@[::1]/", Place("::1", is_secure=True, greeting=(("AUTH", "s"),))),
        ("redis://me:s%20s@h/0", Place("h", greeting=(("AUTH", "me", "s s"), ("SELECT", 0)))),
        ("unix:///run/valkey%20.sock", Place(socket="/run/valkey .sock")),
        ("unix://:s@/run/v.sock", Place(socket="/run/v.sock", greeting=(("AUTH", "s"),))),
    ],
)
def test_an_address_says_where_and_what_to_say_first(url: str, place: Place) -> None:
    assert Place.of(url) == place
    assert "s s" not in repr(Place.of(url))


@pytest.mark.parametrize(
    "url", ["", "cache.example:6379", "http://cache.example", "redis://", "redis://h/x", "unix://"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="must look like redis://"):
        Place.of(url)


async def test_who_knows_the_password_is_let_in_to_the_database_of_the_address(valkey: Valkey) -> None:
    place = Place(socket=Place.of(valkey.url).socket, greeting=(("AUTH", PASSWORD), ("SELECT", 3)))
    line = await Line.connect(place)

    answer = await line.ask(("CLIENT", "INFO"))

    assert isinstance(answer, bytes)
    assert b" db=3 " in answer
    line.close()


async def test_who_does_not_is_not(valkey: Valkey) -> None:
    with pytest.raises(hiredis.ReplyError, match="NOAUTH"):
        await Line.connect(Place.of(valkey.url))


async def test_answers_come_in_the_order_of_the_questions(valkey: Valkey) -> None:
    line = await Line.connect(Place(socket=Place.of(valkey.url).socket, greeting=(("AUTH", PASSWORD),)))

    found = await asyncio.gather(*(line.ask(("ECHO", number)) for number in range(500)))

    assert found == [str(number).encode() for number in range(500)]
    line.close()


async def test_a_question_that_nobody_waits_for_any_more_takes_no_others_answer(valkey: Valkey) -> None:
    line = await Line.connect(Place(socket=Place.of(valkey.url).socket, greeting=(("AUTH", PASSWORD),)))

    given_up, kept = line.ask(("ECHO", "a")), line.ask(("ECHO", "b"))
    given_up.cancel()

    assert await kept == b"b"
    line.close()


async def test_when_it_ends_whoever_waits_is_told_and_whoever_asks_later_too(valkey: Valkey) -> None:
    line = await Line.connect(Place(socket=Place.of(valkey.url).socket, greeting=(("AUTH", PASSWORD),)))
    waiting, given_up = line.ask(("BLPOP", "nothing", 0)), line.ask(("PING",))
    given_up.cancel()

    line.close()

    with pytest.raises(Lost):
        await waiting
    with pytest.raises(Lost):
        await line.ask(("PING",))
