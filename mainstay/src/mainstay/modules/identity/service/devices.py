"""The devices that somebody is signed in on: told in a few honest words, and signed out one by one or all others."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay.errors import NotSignedIn
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import DeviceUnknown
from mainstay.modules.identity.events import SignedOut, SignedOutEverywhere
from mainstay.modules.identity.repository import sessions as repository
from mainstay.modules.identity.service import sessions
from mainstay.modules.identity.service.endings import end_all
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import UnitOfWork

# In this order: most browsers claim to be those below them as well.
_BROWSERS = (
    (r"\bEdg(?:e|A|iOS)?/", "Edge"),
    (r"\bOPR/", "Opera"),
    (r"\bYaBrowser/", "Yandex Browser"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\b(?:Firefox|FxiOS)/", "Firefox"),
    (r"\b(?:Chrome|CriOS|HeadlessChrome)/", "Chrome"),
    (r"\bVersion/.*\bSafari/", "Safari"),
)
_SYSTEMS = (
    (r"\bAndroid\b", "Android"),
    (r"\biPad\b", "iPadOS"),
    (r"\biPhone\b", "iOS"),
    (r"\bWindows\b", "Windows"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bMacintosh\b", "macOS"),
    (r"\bLinux\b", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in browser; `browser` and `system` are None where its user agent does not tell them."""

    id: UUID
    browser: str | None
    system: str | None
    address: str
    created_at: datetime
    last_seen_at: datetime
    ends_with_browser: bool
    is_current: bool


def told(user_agent: str) -> tuple[str | None, str | None]:
    """Return the browser and the system that a user agent says it is; whoever lies about it is believed."""
    return _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), None)


async def own(uow: UnitOfWork) -> list[Device]:
    """Return the actor's devices, the one used last first."""
    idle = timedelta(seconds=uow.setup.settings.of(IdentitySettings).session_idle)
    rows = await repository.living_sessions(uow, _person(uow), idle)
    return [
        Device(
            row["id"],
            *told(row["user_agent"]),
            row["address"],
            row["created_at"],
            row["last_seen_at"],
            row["ends_with_browser"],
            row["id"] == uow.actor.session_id,
        )
        for row in rows
    ]


async def revoke(uow: UnitOfWork, session_id: UUID) -> None:
    """Sign one of the actor's devices out. Raises DeviceUnknown, for other people's devices too."""
    person_id = _person(uow)
    if not await repository.end_one(uow, session_id, person_id):
        raise DeviceUnknown("This device is not signed in any more.")
    sessions.forget(person_id)
    uow.publish(SignedOut(person_id=person_id, session_id=session_id))
    uow.record(Entry("identity.device_signed_out", "identity.person", person_id, new={"session_id": str(session_id)}))


async def revoke_others(uow: UnitOfWork) -> None:
    """Sign the actor out everywhere but here."""
    person_id = _person(uow)
    await end_all(uow, person_id, keep=uow.actor.session_id)
    uow.publish(SignedOutEverywhere(person_id=person_id))
    uow.record(Entry("identity.other_devices_signed_out", "identity.person", person_id))


def _person(uow: UnitOfWork) -> UUID:
    if uow.actor.id is None:
        raise NotSignedIn("Sign in to do this.")
    return uow.actor.id
