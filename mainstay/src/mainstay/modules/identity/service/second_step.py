"""Signing in beyond the password: the second step, a passkey alone, and a factor given anew in a session."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from mainstay import crypto
from mainstay.modules.identity.errors import StepLost
from mainstay.modules.identity.repository import people, steps
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.repository.sessions import Browser
from mainstay.modules.identity.repository.steps import NewPending
from mainstay.modules.identity.service import factors, passkeys, sessions
from mainstay.modules.identity.service.factors import Circumstances, Code, FactorKind
from mainstay.modules.identity.service.passkeys import Asked, Assertion, Party, Window
from mainstay.modules.identity.service.sessions import UNTOLD, NewSession
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import UnitOfWork

LOST = "This took too long or was tried too often; begin to sign in anew."


@dataclass(frozen=True, slots=True)
class PendingStep:
    """A right password that waits for its second factor: `token` is the browser's alone and opens nothing else."""

    token: str
    factors: list[FactorKind]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """The browser that a session begins in, and the token of the session it had before, which ends."""

    browser: Browser = UNTOLD
    old_token: str | None = None


async def begin(
    uow: UnitOfWork, person_id: UUID, party: Party | None, *, ends_with_browser: bool
) -> PendingStep | None:
    """Have a person whose password was right give their second factor; None for people who have none.

    The session that follows ends with the browser, if that was asked for with the password.
    """
    kinds = await factors.kinds(uow, person_id, party)
    if kinds is None:
        return None
    token = crypto.new_token()
    lifetime = timedelta(seconds=uow.setup.settings.of(IdentitySettings).step_seconds)
    expires_at = await steps.add_pending(uow, NewPending(crypto.digest(token), person_id, ends_with_browser), lifetime)
    return PendingStep(token, kinds, expires_at)


async def ask_passkey(uow: UnitOfWork, token: str, window: Window) -> Asked:
    """Make the challenge for the passkey of somebody whose password was right. Raises StepLost."""
    person_id = await steps.pending_person(uow, crypto.digest(token))
    if person_id is None:
        raise StepLost(LOST)
    return await passkeys.ask(uow, window, "second_step", person_id)


async def complete(
    uow: UnitOfWork, token: str, given: Code | Assertion, given_in: Circumstances, arrival: Arrival
) -> NewSession:
    """Begin the session of somebody who gave the second factor after the password; the browser's earlier one ends.

    Raises StepLost, WrongFactor and TooManyFactorTries.
    """
    digest = crypto.digest(token)
    row = await steps.use_pending(uow, digest, uow.setup.settings.of(IdentitySettings).step_tries)
    if row is None:
        raise StepLost(LOST)
    await factors.prove(uow, row["id"], given, given_in)
    await _hold(uow, row["id"])
    if not await steps.end_pending(uow, digest):
        raise StepLost(LOST)
    browser = replace(arrival.browser, ends_with_browser=row["ends_with_browser"])
    person = Identified(row["id"], row["name"], row["email"], row["role"])
    new = await _begin(uow, person, replace(arrival, browser=browser))
    factors.record_use(uow, row["id"], given)
    return new


async def by_passkey(uow: UnitOfWork, given: Assertion, window: Window, arrival: Arrival) -> NewSession:
    """Begin the session of whoever holds a passkey, which also says who they are. Raises WrongFactor."""
    person = await passkeys.use(uow, window, "sign_in", given)
    await _hold(uow, person.id)
    return await _begin(uow, person, arrival)


async def _hold(uow: UnitOfWork, person_id: UUID) -> None:
    """Against whoever ends all access at this moment (`endings`): either they see the new session, or it is lost."""
    if not await people.hold_person(uow, person_id):
        raise StepLost(LOST)


async def _begin(uow: UnitOfWork, person: Identified, arrival: Arrival) -> NewSession:
    if arrival.old_token is not None:
        await sessions.sign_out(uow, arrival.old_token)
    return await sessions.begin(uow, person, arrival.browser, with_factor=True)


async def forget_the_old(uow: UnitOfWork) -> None:
    """Delete what has ended: challenges, sign-ins that waited, old tries, apps that nobody confirmed."""
    await steps.forget_the_old(uow)
