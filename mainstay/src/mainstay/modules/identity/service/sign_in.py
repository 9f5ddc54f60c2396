"""Signing in with a password, slowed down for whoever guesses."""

from dataclasses import dataclass
from datetime import timedelta

from mainstay import crypto
from mainstay.modules.identity.errors import TooManyAttempts, WrongCredentials
from mainstay.modules.identity.events import PasswordRehashed
from mainstay.modules.identity.repository import attempts, people
from mainstay.modules.identity.repository.attempts import AttemptLimits
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.service import sessions
from mainstay.modules.identity.service.passwords import fold, hasher
from mainstay.modules.identity.service.sessions import NewSession
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody gives to sign in: `address` is where from, `old_token` the session the browser had before."""

    email: str
    password: str
    address: str
    old_token: str | None = None


async def sign_in(uow: UnitOfWork, login: Login) -> NewSession:
    """Begin a session; the browser's earlier one ends. Raises WrongCredentials and TooManyAttempts.

    An unknown account, a wrong password and a person who is not active take the same time and get the same answer.
    """
    settings = uow.setup.settings.of(IdentitySettings)
    attempt = await _count(uow, login, settings)
    row = await people.person_by_email(uow, fold(login.email))
    # The connection would be idle while the hash is computed.
    await uow.release()
    is_right, fresh = await hasher(settings).verify(login.password, row["password_hash"] if row else None)
    if row is None or not is_right:
        raise WrongCredentials("E-mail or password is wrong.")
    await attempts.forget_attempt(uow, attempt)
    if fresh is not None:
        await people.change_hash(uow, row["id"], row["password_hash"], fresh)
        uow.publish(PasswordRehashed(person_id=row["id"]))
    if login.old_token is not None:
        await sessions.sign_out(uow, login.old_token)
    return await sessions.begin(uow, Identified(row["id"], row["name"], row["email"], row["role"]))


async def _count(uow: UnitOfWork, login: Login, settings: IdentitySettings) -> int:
    limits = AttemptLimits(
        timedelta(seconds=settings.attempt_window), settings.attempts_per_account, settings.attempts_per_address
    )
    attempt, seconds = await attempts.begin_attempt(uow, crypto.digest(fold(login.email)), login.address, limits)
    if attempt is None:
        raise TooManyAttempts(
            f"Too many wrong sign-ins; try again in {seconds} seconds.", headers={"Retry-After": str(seconds)}
        )
    return attempt
