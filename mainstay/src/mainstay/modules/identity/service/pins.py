"""PINs: which are refused, setting one, and checking one on a shared device and nowhere else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from mainstay import crypto
from mainstay.errors import FieldProblem
from mainstay.keyring import Keyring
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import FactorUnreadable, PinRefused, PinUnknown, WrongPin
from mainstay.modules.identity.events import PinChanged
from mainstay.modules.identity.repository import attempts
from mainstay.modules.identity.repository import pins as repository
from mainstay.modules.identity.repository.attempts import Allowance, Guess
from mainstay.modules.identity.service import endings, rights, throttle
from mainstay.modules.identity.service.passwords import hasher
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.sealed import SealedColumn
from mainstay.work import Row, Station, UnitOfWork

WRONG = "The PIN is wrong."
PURPOSE = "identity.pin"
# What is sealed is a slow hash: who has the database alone cannot try the few PINs that there are.
SEALED = SealedColumn(PURPOSE, "identity_pin", "person_id", "person_id", "pin_sealed")
# Drawn on a keypad, or counted: what is tried right after runs and dates.
KNOWN = frozenset({"2580", "0852", "1397", "1379", "1470", "3690", "2468", "1357", "8642", "7531", "1004", "6969"})
_SHORTEST_YEAR, _LONGEST_YEAR = 1900, 2099


@dataclass(frozen=True, slots=True)
class PinGiven:
    """A PIN that somebody typed, whose it is said to be, and the program's keys."""

    person_id: UUID
    pin: str
    keyring: Keyring


@dataclass(frozen=True, slots=True)
class Proven:
    """A person whose PIN was right: their row, what counts of their rights here, and the tries to be forgotten."""

    row: Row
    rights: frozenset[str]
    tries: Sequence[int]


def weakness(pin: str) -> str | None:
    """Say why a PIN is refused; None when it is not one of those that are tried first."""
    if _repeats(pin) or pin in KNOWN:
        return "too_simple"
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps <= {1} or steps <= {9}:
        return "too_simple"
    return "a_date" if _is_date(pin) else None


def _repeats(pin: str) -> bool:
    return any(pin == (pin[:size] * len(pin))[: len(pin)] for size in range(1, len(pin) // 2 + 1))


def _is_date(pin: str) -> bool:
    """Whether it reads as a year, a day with its month, or both, in any of the usual orders."""
    if len(pin) == 4 and _SHORTEST_YEAR <= int(pin) <= _LONGEST_YEAR:
        return True
    year = r"(19|20)?\d\d"
    day, month = r"(0[1-9]|[12]\d|3[01])", r"(0[1-9]|1[0-2])"
    orders = (f"{day}{month}", f"{month}{day}", f"{day}{month}{year}", f"{month}{day}{year}", f"{year}{month}{day}")
    return any(re.fullmatch(order, pin) for order in orders)


async def put(uow: UnitOfWork, person_id: UUID, pin: str, keyring: Keyring) -> None:
    """Give a person a PIN, or another one; what they began by the former ends. Raises PinRefused."""
    why = weakness(pin)
    if why is not None:
        message = "This PIN is among the first that anybody would try; choose another."
        raise PinRefused(message, errors=[FieldProblem("pin", why, message)])
    pin_hash = await hasher(uow.setup.settings.of(IdentitySettings)).hash(pin)
    await repository.put(uow, person_id, keyring.seal(PURPOSE, pin_hash.encode(), str(person_id)))
    await endings.end_by_pin(uow, person_id)
    uow.publish(PinChanged(person_id=person_id, is_set=True))
    uow.record(Entry("identity.pin_set", "identity.person", person_id))


async def set_at(uow: UnitOfWork, person_id: UUID) -> datetime | None:
    """Return when a person set their PIN; None when they have none."""
    row = await repository.find(uow, person_id)
    moment: datetime | None = None if row is None else row["changed_at"]
    return moment


async def remove(uow: UnitOfWork, person_id: UUID) -> None:
    """Take a person's PIN away. Raises PinUnknown."""
    if not await repository.remove(uow, person_id):
        raise PinUnknown("You have no PIN.")
    await endings.end_by_pin(uow, person_id)
    uow.publish(PinChanged(person_id=person_id, is_set=False))
    uow.record(Entry("identity.pin_removed", "identity.person", person_id))


async def prove(uow: UnitOfWork, station: Station, given: PinGiven) -> Proven:
    """Check a PIN on a shared device; to be called before the transaction begins.

    Raises WrongPin, TooManyAttempts and FactorUnreadable.

    Nobody learns whether the person is there, has a PIN or may do anything: all of it takes the same time and gets
    the same answer. The tries are to be forgotten with `accept`.
    """
    tries = await _count(uow, station, given)
    row = await repository.candidate(uow, given.person_id)
    # The connection would be idle while the hash is computed.
    await uow.release()
    pin_hash = None if row is None else _hash(row, given.keyring)
    is_right, _ = await hasher(uow.setup.settings.of(IdentitySettings)).verify(given.pin, pin_hash)
    if row is None or not is_right:
        raise WrongPin(WRONG)
    return Proven(row, rights.held_by(uow, row) & uow.setup.roles.for_stations, tries)


async def accept(uow: UnitOfWork, proven: Proven) -> None:
    """Take what was proven as it is: nobody changed the person or the PIN meanwhile. Raises WrongPin."""
    if not await repository.hold(uow, proven.row):
        raise WrongPin(WRONG)
    for attempt in proven.tries:
        await attempts.forget_attempt(uow, attempt)


async def _count(uow: UnitOfWork, station: Station, given: PinGiven) -> list[int]:
    """Count the try for the person at this device, and for all at it, whatever becomes of it."""
    settings = uow.setup.settings.of(IdentitySettings)
    of_person = (settings.pin_tries_5_minutes, settings.pin_tries_hour, settings.pin_tries_day)
    of_station = (settings.station_tries_5_minutes, settings.station_tries_hour, settings.station_tries_day)
    counted = (
        (crypto.digest(f"pin/{station.id}/{given.person_id}"), of_person),
        (crypto.digest(f"pin/{station.id}"), of_station),
    )
    return [
        await throttle.count(uow, Guess(source, uow.address or "", source), _allowance(limits))
        for source, limits in counted
    ]


def _allowance(limits: tuple[int, int, int]) -> Allowance:
    spans = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1))
    return Allowance(tuple(zip(spans, limits, strict=True)))


def _hash(row: Row, keyring: Keyring) -> str | None:
    """Return the hash of somebody's PIN; None when they have none."""
    if row["pin_sealed"] is None:
        return None
    try:
        return keyring.unseal(PURPOSE, row["pin_sealed"], str(row["id"])).decode()
    except crypto.Unreadable as failure:
        raise FactorUnreadable(
            "The program's secret key is not the one that this PIN was set with; use your password, and set it anew."
        ) from failure
