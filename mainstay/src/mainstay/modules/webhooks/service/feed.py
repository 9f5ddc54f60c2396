"""The feed: events in the order of the log, from a position on, with nothing passed over."""

from collections.abc import Sequence
from dataclasses import dataclass

from mainstay.modules.webhooks.errors import PositionGone
from mainstay.modules.webhooks.repository import events as log
from mainstay.modules.webhooks.repository.events import Chosen
from mainstay.modules.webhooks.service.fan_out import NOT_TOLD
from mainstay.work import Row, UnitOfWork

BEGINNING = (0, 0)


@dataclass(frozen=True, slots=True)
class Part:
    """Events in their order, and where the log begins."""

    events: list[Row]
    oldest: int | None


async def read(uow: UnitOfWork, after: int, names: Sequence[str], limit: int) -> Part:
    """Return up to `limit` events behind the one at position `after`; 0 is the beginning.

    Raises PositionGone when there is no event at the position (any more): something behind it may be gone too; and
    NotAllowed for whoever is limited to a part of the records.
    """
    # The log tells of all places and of everybody's records.
    uow.actor.demand_everywhere(*uow.setup.roles.records)
    oldest = await log.oldest(uow)
    place = BEGINNING if after == 0 else await log.place_of(uow, after)
    if place is None:
        raise PositionGone("There is no event at this position any more; begin anew.", extra={"oldest": oldest})
    return Part(await log.following(uow, place, limit, Chosen(names, sorted(NOT_TOLD))), oldest)
