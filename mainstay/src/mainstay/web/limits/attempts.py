"""Reading who an attempt to sign in is about, before the route reads the same body."""

import orjson
from starlette.types import Message, Receive


async def peek(receive: Receive, field: str) -> tuple[str | None, Receive]:
    """Return a text `field` of a JSON body, folded, or None; and what gives the whole body again."""
    messages = [await receive()]
    while messages[-1].get("more_body", False):
        messages.append(await receive())
    body = b"".join(message.get("body", b"") for message in messages)
    waiting = iter(messages)

    async def receive_again() -> Message:
        message = next(waiting, None)
        return message if message is not None else await receive()

    return _field(body, field), receive_again


def _field(body: bytes, field: str) -> str | None:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None  # the route will say so
    value = content.get(field) if isinstance(content, dict) else None
    return value.strip().casefold() if isinstance(value, str) else None
