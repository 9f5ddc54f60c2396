"""Who used a token or a key a moment ago: no statement and no signature check for the next call."""

from collections import OrderedDict
from uuid import UUID

from mainstay import clock
from mainstay.work import Actor


class RecentActors:
    """Actors by the digest of what they showed; bounded, and for so short a time that an end elsewhere is soon felt."""

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._known: OrderedDict[bytes, tuple[float, Actor, UUID]] = OrderedDict()

    def find(self, digest: bytes) -> Actor | None:
        """Return the actor, if put here and the time has not run out."""
        found = self._known.get(digest)
        if found is None:
            return None
        if clock.monotonic() >= found[0]:
            del self._known[digest]
            return None
        return found[1]

    def put(self, digest: bytes, actor: Actor, source: UUID, seconds: float) -> None:
        """Remember an actor who came by the family or key `source` for some `seconds`; the oldest make room."""
        if seconds <= 0:
            return
        self._known[digest] = (clock.monotonic() + seconds, actor, source)
        self._known.move_to_end(digest)
        if len(self._known) > self._size:
            self._known.popitem(last=False)

    def drop(self, *, source: UUID | None = None, person_id: UUID | None = None, keep: UUID | None = None) -> None:
        """Forget who came by `source`, and `person_id` wherever they came by, but not by `keep`."""
        for digest, (_, actor, origin) in tuple(self._known.items()):
            is_theirs = person_id is not None and actor.id == person_id and origin != keep
            if origin == source or is_theirs:
                del self._known[digest]


RECENT = RecentActors()
