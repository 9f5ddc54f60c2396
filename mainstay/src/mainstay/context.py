"""What is in hand right now, for logs, events and problem documents: request id, address, who acts on what."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from mainstay import ids

NOBODYS: Final = "-"
# A request that changes thousands, as an import does, names the first.
MOST_ABOUT: Final = 20

# The id of the request, job or command in hand.
request_id: ContextVar[str] = ContextVar("mainstay_request_id", default=NOBODYS)

# The network address of who sent the request in hand; None in jobs and commands.
address: ContextVar[str | None] = ContextVar("mainstay_address", default=None)


class Story:
    """Who acts in the request or job in hand, or caused it, and the ids of what it is about: every log line says so."""

    __slots__ = ("about", "actor")

    def __init__(self, actor: str | None = None, about: Iterable[str] = ()) -> None:
        self.actor = actor
        self.about = list(about)


story: ContextVar[Story | None] = ContextVar("mainstay_story", default=None)


def note_actor(key: object) -> None:
    """Say who acts, now that it is known."""
    if (present := story.get()) is not None:
        present.actor = str(key)


def note_about(keys: Iterable[object]) -> None:
    """Say what is changed, by the ids of the objects."""
    if (present := story.get()) is None:
        return
    for key in map(str, keys):
        if key not in present.about and len(present.about) < MOST_ABOUT:
            present.about.append(key)


@contextmanager
def in_request(cause: str | None, told: Story | None = None) -> Iterator[str]:
    """Carry the id of the request that caused a job through it, and its story.

    Without such a request the job gets an id of its own.
    """
    present = cause if cause and cause != NOBODYS else f"job-{ids.new_id().hex}"
    token, also = request_id.set(present), story.set(told or Story())
    try:
        yield present
    finally:
        story.reset(also)
        request_id.reset(token)
