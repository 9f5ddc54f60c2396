"""One's own account: what it says, another name, another password."""

from dataclasses import dataclass
from uuid import UUID

from mainstay import crypto
from mainstay.errors import FieldProblem, NotSignedIn
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import WrongFactor, WrongPassword
from mainstay.modules.identity.events import PasswordChanged, PersonRenamed
from mainstay.modules.identity.repository import attempts, factors, people
from mainstay.modules.identity.repository.attempts import Guess
from mainstay.modules.identity.service import policy, sessions, throttle
from mainstay.modules.identity.service.endings import end_all
from mainstay.modules.identity.service.passwords import hasher
from mainstay.modules.identity.service.policy import Candidate
from mainstay.modules.identity.service.sessions import NewSession
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork

ENDED = "Your session has ended; sign in again."


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """What somebody gives to change their password, in the session of `token`."""

    present: str
    new: str
    token: str
    address: str


async def read(uow: UnitOfWork) -> Row:
    """Return the actor's own account. Raises NotSignedIn when the actor is nobody with an account."""
    row = None if uow.actor.id is None else await people.account(uow, uow.actor.id)
    if row is None:
        raise NotSignedIn(ENDED)
    return row


async def rename(uow: UnitOfWork, version: int, name: str) -> Row:
    """Give the actor another name. Raises VersionConflict with the account as it is now."""
    row = await read(uow)
    if row["name"] == name:
        return row
    renamed = await people.rename(uow, row["id"], version, name)
    if renamed is None:
        # Of their own account people may change the name alone, and are told no more of it.
        attempt = Attempt(row["id"], version, {"name": name})
        raise await conflict(uow, people.VERSIONED, attempt, lambda facts: {"name": facts["name"]})
    sessions.forget(row["id"])
    uow.publish(PersonRenamed(person_id=row["id"]))
    uow.record(
        Entry("identity.person_renamed", "identity.person", row["id"], old={"name": row["name"]}, new={"name": name})
    )
    return renamed


async def change_password(uow: UnitOfWork, change: PasswordChange) -> NewSession:
    """Give the actor another password; every other session ends, and this one goes on under a new token.

    Raises PasswordRefused, WrongPassword and TooManyAttempts: whoever sits down at an open browser guesses no faster
    than at the sign-in, and strangers at the sign-in do not hinder the owner here.
    """
    settings = uow.setup.settings.of(IdentitySettings)
    here, row = await sessions.recognise(uow, change.token), await read(uow)
    await policy.demand(uow, Candidate(change.new, row["role"], (row["name"], row["email"])))
    attempt = await throttle.count(uow, _guess(row["id"], change.address), throttle.of_sign_ins(settings))
    # The connection would be idle while the hashes are computed.
    await uow.release()
    is_right, _ = await hasher(settings).verify(change.present, row["password_hash"])
    if not is_right:
        raise await _refused(uow, row["id"], "present_password")
    password_hash = await hasher(settings).hash(change.new)
    if not await people.hold_person(uow, row["id"], row["password_changed_at"]):
        raise _wrong("present_password")
    await attempts.forget_attempt(uow, attempt)
    await people.set_password(uow, row["id"], password_hash)
    kept = await sessions.rotate(uow, here)
    await end_all(uow, row["id"], keep=here.session_id)
    uow.publish(PasswordChanged(person_id=row["id"]))
    uow.record(Entry("identity.password_changed", "identity.person", row["id"]))
    return kept


async def prove(uow: UnitOfWork, password: str, address: str) -> None:
    """Check the actor's present password, as proof that it is still them; only of those who have no second factor.

    Raises WrongFactor, WrongPassword and TooManyAttempts.
    """
    row = await read(uow)
    if await factors.has_any(uow, row["id"]):
        raise WrongFactor("Give your second factor; the password alone is not enough.")
    settings = uow.setup.settings.of(IdentitySettings)
    attempt = await throttle.count(uow, _guess(row["id"], address), throttle.of_sign_ins(settings))
    # The connection would be idle while the hash is computed.
    await uow.release()
    is_right, _ = await hasher(settings).verify(password, row["password_hash"])
    if not is_right:
        raise await _refused(uow, row["id"], "password")
    if not await people.hold_person(uow, row["id"], row["password_changed_at"]):
        raise _wrong("password")
    await attempts.forget_attempt(uow, attempt)


def _guess(person_id: UUID, address: str) -> Guess:
    """Return what guesses of the present password are counted under: the account alone, apart from sign-ins."""
    own = crypto.digest(f"account/{person_id}")
    return Guess(own, address, own)


async def _refused(uow: UnitOfWork, person_id: UUID, field: str) -> WrongPassword:
    """Return the refusal of a password that was given in a session; it is on record though nothing came of it."""
    await uow.record_apart(Entry("identity.password_refused", "identity.person", person_id))
    return _wrong(field)


def _wrong(field: str) -> WrongPassword:
    message = "This is not your present password."
    return WrongPassword(message, errors=[FieldProblem(field, "wrong", message)])
