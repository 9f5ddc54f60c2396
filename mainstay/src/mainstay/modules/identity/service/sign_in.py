"""Signing in with a password, slowed down for whoever guesses."""

from dataclasses import dataclass

from mainstay import crypto
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import SignUpWaiting, WrongCredentials
from mainstay.modules.identity.events import PasswordRehashed
from mainstay.modules.identity.repository import attempts, people
from mainstay.modules.identity.repository.attempts import Guess
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.repository.sessions import Browser
from mainstay.modules.identity.service import second_step, sessions, throttle
from mainstay.modules.identity.service.passkeys import Party
from mainstay.modules.identity.service.passwords import fold, hasher
from mainstay.modules.identity.service.second_step import PendingStep
from mainstay.modules.identity.service.sessions import UNTOLD, NewSession
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import UnitOfWork

WRONG = "E-mail or password is wrong."
WAITING = "Your sign-up waits for somebody to approve it; you will get a mail."


@dataclass(frozen=True, slots=True)
class Login:
    """What somebody gives to sign in.

    `address` is where from, `old_token` the session that the browser had before, `party` the site that it shows.
    `device` is what guesses of this device are counted under, if it has signed in to this account before.
    """

    email: str
    password: str
    address: str
    old_token: str | None = None
    device: bytes | None = None
    browser: Browser = UNTOLD
    party: Party | None = None


async def sign_in(uow: UnitOfWork, login: Login) -> NewSession | PendingStep:
    """Begin a session; the browser's earlier one ends. Raises WrongCredentials and TooManyAttempts.

    Whoever has a second factor gets no session but a token for the second step.
    """
    person = await identify(uow, login)
    pending = await second_step.begin(uow, person.id, login.party, ends_with_browser=login.browser.ends_with_browser)
    if pending is not None:
        return pending
    if login.old_token is not None:
        await sessions.sign_out(uow, login.old_token)
    return await sessions.begin(uow, person, login.browser)


async def identify(uow: UnitOfWork, login: Login) -> Identified:
    """Return the person whose e-mail and password these are. Raises WrongCredentials and TooManyAttempts.

    This alone lets nobody in: whoever calls it asks for the second factor of those who have one.

    Raises SignUpWaiting for who signed up, gave the right password and was not approved yet.

    An unknown account, a wrong password and a person who is not active take the same time and get the same answer.
    """
    settings = uow.setup.settings.of(IdentitySettings)
    guess = Guess(crypto.digest(fold(login.email)), login.address, login.device)
    attempt = await throttle.count(uow, guess, throttle.of_sign_ins(settings))
    row = await people.credentials(uow, fold(login.email))
    # The connection would be idle while the hash is computed.
    await uow.release()
    is_right, fresh = await hasher(settings).verify(login.password, row["password_hash"] if row else None)
    if row is None or not is_right:
        person_id = row["id"] if row and not row["is_waiting"] else None
        await uow.record_apart(
            Entry("identity.sign_in_failed", "identity.person", person_id, new={"email": login.email})
        )
        raise WrongCredentials(WRONG)
    if row["is_waiting"]:
        await attempts.forget_attempt(uow, attempt)
        raise SignUpWaiting(WAITING)
    if not await people.hold_person(uow, row["id"], row["password_changed_at"]):
        raise WrongCredentials(WRONG)
    await attempts.forget_attempt(uow, attempt)
    if fresh is not None:
        await people.change_hash(uow, row["id"], row["password_hash"], fresh)
        uow.publish(PasswordRehashed(person_id=row["id"]))
    return Identified(row["id"], row["name"], row["email"], row["role"])
