"""How people want to be told: of each kind in the inbox, by mail at once or gathered, and when it is gathered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mainstay.errors import FieldProblem, InvalidInput
from mainstay.messages.notification import MailChannel, NotificationKind
from mainstay.modules.notifications.errors import LinkUnknown
from mainstay.modules.notifications.repository import people as repository
from mainstay.modules.notifications.service.links import GATHERED, Wish
from mainstay.modules.notifications.settings import NotificationSettings
from mainstay.work import Row, UnitOfWork


@dataclass(frozen=True, slots=True)
class Choice:
    """How somebody is told of a kind."""

    in_app: bool
    mail: MailChannel


@dataclass(frozen=True, slots=True)
class Hour:
    """At which hour of which time zone somebody gets what is gathered."""

    hour: int
    time_zone: str


def chosen(kind: NotificationKind, row: Row | None) -> Choice:
    """Return how somebody is told of a kind who chose what `row` says; of security everybody is told at once."""
    if kind.is_security:
        return Choice(in_app=True, mail="now")
    return Choice(kind.in_app, kind.mail) if row is None else Choice(row["in_app"], row["mail"])


def offered(uow: UnitOfWork) -> list[NotificationKind]:
    """Return the kinds that the actor may be told of."""
    kinds = uow.setup.notifications.values()
    return [kind for kind in kinds if kind.right is None or uow.actor.may(kind.right.name)]


def withheld(uow: UnitOfWork) -> list[str]:
    """Return the kinds that the actor may not be told of, or not any more."""
    return sorted(uow.setup.notifications.keys() - {kind.name for kind in offered(uow)})


async def all_of(uow: UnitOfWork, person_id: UUID) -> list[tuple[NotificationKind, Choice]]:
    """Return how the actor is told of each kind."""
    rows = await repository.preferences(uow, person_id)
    return [(kind, chosen(kind, rows.get(kind.name))) for kind in offered(uow)]


async def hour_of(uow: UnitOfWork, person_id: UUID) -> Hour:
    """Return when a person gets what is gathered."""
    return hour_in(uow, await repository.reader(uow, person_id))


def hour_in(uow: UnitOfWork, row: Row | None) -> Hour:
    """Return the hour that `row` says, or that of the settings."""
    # Zones come and go with the machine's own list of them: one that is gone must not keep everybody's mail back.
    if row is None or row["digest_hour"] is None or not _is_zone(row["time_zone"]):
        return Hour(uow.setup.settings.of(NotificationSettings).digest_hour, "UTC")
    return Hour(row["digest_hour"], row["time_zone"])


async def choose(uow: UnitOfWork, person_id: UUID, wanted: Mapping[str, Choice]) -> None:
    """Remember how the actor wants to be told of some kinds. Raises InvalidInput for one that cannot be chosen."""
    free = {kind.name for kind in offered(uow) if not kind.is_security}
    if not wanted.keys() <= free:
        problem = FieldProblem("items", "unknown", "Choose among the kinds that can be switched.")
        raise InvalidInput("There is no such kind to choose.", errors=[problem])
    await _keep(uow, person_id, [(kind, choice.in_app, choice.mail) for kind, choice in wanted.items()])


async def choose_hour(uow: UnitOfWork, person_id: UUID, wanted: Hour) -> None:
    """Remember when the actor wants what is gathered. Raises InvalidInput for a time zone that there is not."""
    if not _is_zone(wanted.time_zone):
        problem = FieldProblem("time_zone", "unknown", "Name a time zone such as Europe/Berlin.")
        raise InvalidInput("There is no such time zone.", errors=[problem])
    await repository.choose_hour(uow, person_id, wanted.hour, wanted.time_zone)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


async def leave(uow: UnitOfWork, wish: Wish) -> None:
    """End mails as a link says; what the inbox shows stays. Safe to repeat. Raises LinkUnknown."""
    kinds = kinds_of(uow, wish)
    rows = await repository.preferences(uow, wish.person_id)
    now = [(kind, chosen(kind, rows.get(kind.name))) for kind in kinds]
    ending = [each for each in now if wish.kind != GATHERED or each[1].mail == "digest"]
    await _keep(uow, wish.person_id, [(kind.name, choice.in_app, "off") for kind, choice in ending])


def kinds_of(uow: UnitOfWork, wish: Wish) -> list[NotificationKind]:
    """Return the kinds that a link may end. Raises LinkUnknown when there are none."""
    kinds = uow.setup.notifications.values()
    found = [kind for kind in kinds if not kind.is_security and wish.kind in {kind.name, GATHERED}]
    if not found:
        raise LinkUnknown("There are no such mails any more.")
    return found


async def _keep(uow: UnitOfWork, person_id: UUID, choices: Sequence[tuple[str, bool, str]]) -> None:
    if choices:
        await repository.choose(uow, person_id, choices)
