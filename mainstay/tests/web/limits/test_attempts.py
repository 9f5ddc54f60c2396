"""Reading ahead in a body takes nothing from the route."""

from collections.abc import Iterator

import pytest
from starlette.types import Message

from mainstay.web.limits.attempts import peek


class Sender:
    """A caller who sends these messages and then goes away."""

    def __init__(self, *chunks: bytes) -> None:
        last = len(chunks) - 1
        self._messages: Iterator[Message] = iter(
            [{"type": "http.request", "body": chunk, "more_body": number < last} for number, chunk in enumerate(chunks)]
        )

    async def __call__(self) -> Message:
        return next(self._messages, {"type": "http.disconnect"})


async def test_the_whole_body_comes_again_and_then_what_follows() -> None:
    name, receive = await peek(Sender(b'{"email": "A', b'da@x.example"}'), "email")

    messages = [await receive() for _ in range(3)]
    assert name == "ada@x.example"
    assert b"".join(message["body"] for message in messages[:2]) == b'{"email": "Ada@x.example"}'
    assert messages[2] == {"type": "http.disconnect"}


@pytest.mark.parametrize("body", [b"", b"{", b"5", b"[]", b"{}", b'{"email": null}', b'{"email": ["a"]}', b"[" * 9999])
async def test_a_body_that_names_nobody_names_nobody(body: bytes) -> None:
    name, receive = await peek(Sender(body), "email")

    assert (name, (await receive())["body"]) == (None, body)


async def test_a_caller_who_goes_away_names_nobody() -> None:
    name, receive = await peek(Sender(), "email")

    assert (name, await receive()) == (None, {"type": "http.disconnect"})
