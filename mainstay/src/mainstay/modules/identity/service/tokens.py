"""API clients: sign in for an access and a refresh token, exchange the latter, sign out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from mainstay import crypto, ids
from mainstay.keyring import Keyring
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import InvalidToken, RefreshRefused, SecondFactorNeeded
from mainstay.modules.identity.events import ClientSignedIn, ClientSignedOut, RefreshTokenReused
from mainstay.modules.identity.repository import factors
from mainstay.modules.identity.repository import tokens as repository
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.repository.tokens import Spending
from mainstay.modules.identity.service import access_tokens, rights, signing
from mainstay.modules.identity.service.access_tokens import Rules
from mainstay.modules.identity.service.recent import RECENT
from mainstay.modules.identity.service.sign_in import Login, identify
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import Actor, UnitOfWork

REFRESH_PREFIX = "rt_"
SUCCESSOR = "identity.refresh_successor"
REFUSED = "This refresh token was used, has run out or was never valid; sign in again."


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What a client holds after signing in; neither is shown again. `access_lifetime` is in seconds."""

    access_token: str
    refresh_token: str
    access_lifetime: int


async def may_sign_in_with_password_alone(uow: UnitOfWork, person: Identified) -> bool:
    """Whether a right password is enough for API clients of this person: not where there is, or must be, a factor."""
    return not (await factors.has_any(uow, person.id) or await factors.is_required(uow, person.role))


async def sign_in(uow: UnitOfWork, login: Login, keyring: Keyring) -> TokenPair:
    """Begin a family of tokens. Raises WrongCredentials, TooManyAttempts and SecondFactorNeeded."""
    person = await identify(uow, login)
    if not await may_sign_in_with_password_alone(uow, person):
        raise SecondFactorNeeded("This account has a second factor; make an API key for this client instead.")
    settings = uow.setup.settings.of(IdentitySettings)
    family_id, refresh_token = ids.new_id(), REFRESH_PREFIX + crypto.new_token()
    lifetime = timedelta(seconds=settings.refresh_limit)
    await repository.add_family(uow, family_id, person.id, crypto.digest(refresh_token), lifetime)
    held = await rights.of_role(uow, person.role)
    uow.actor = Actor("person", person.id, person.name, person.role, held, family_id)
    uow.publish(ClientSignedIn(person_id=person.id, family_id=family_id))
    uow.record(Entry("identity.client_signed_in", "identity.person", person.id, new={"family_id": str(family_id)}))
    return await _pair(uow, keyring, (person.id, family_id), refresh_token)


async def refresh(uow: UnitOfWork, token: str, keyring: Keyring) -> TokenPair:
    """Exchange a refresh token for its successor, with a new access token. Raises RefreshRefused.

    The successor is made from the token and the program's secret, so whoever asks twice within the grace gets the same
    one, though only digests are kept; see docs/decisions/0025-tokens-and-keys.md. A token that comes once more than
    that was stolen, or its successor was: nobody can tell which, so the whole family dies.
    """
    settings = uow.setup.settings.of(IdentitySettings)
    successor = REFRESH_PREFIX + keyring.sign(SUCCESSOR, token)
    grace, idle = timedelta(seconds=settings.refresh_grace), timedelta(seconds=settings.refresh_idle)
    row = await repository.spend(uow, Spending(crypto.digest(token), crypto.digest(successor), grace, idle))
    if row is None:
        await _end_reused(uow, token)
        raise RefreshRefused(REFUSED)
    return await _pair(uow, keyring, (row["person_id"], row["id"]), successor)


async def sign_out(uow: UnitOfWork) -> None:
    """End the family of the token that the actor showed; harmless when it has ended or they came by a session."""
    family_id = uow.actor.session_id
    ended = None if family_id is None else await repository.end_family(uow, family_id)
    RECENT.drop(source=family_id)
    if ended is not None:
        person_id, family = ended["person_id"], ended["id"]
        uow.publish(ClientSignedOut(person_id=person_id, family_id=family))
        uow.record(Entry("identity.client_signed_out", "identity.person", person_id, old={"family_id": str(family)}))


async def authenticate(uow: UnitOfWork, token: str) -> tuple[Actor, UUID]:
    """Return whom an access token was given to, and its living family; one statement. Raises InvalidToken."""
    rules = Rules.of(uow.setup.settings.of(IdentitySettings))
    named = access_tokens.peek(token, rules)
    row = await repository.access(uow, named.family_id, named.kid, rules.overlap)
    if row is None or access_tokens.verify(token, row["public_key"], rules) != row["person_id"]:
        raise InvalidToken("The access token has run out or is not genuine; get a new one.")
    who, held = (row["person_id"], row["name"], row["role"]), rights.held_by(uow, row)
    return Actor("person", *who, held, named.family_id, row["factor"], rights.reach_of(uow, row)), named.family_id


async def _end_reused(uow: UnitOfWork, token: str) -> None:
    """End the family of a token that was spent before, and leave a trace of it, though the request is refused."""
    family_id = await repository.family_of_spent(uow, crypto.digest(token))
    if family_id is None:
        return
    await uow.release()
    async with uow.beside() as apart:
        ended = await repository.end_family(apart, family_id)
        if ended is not None:
            person_id = ended["person_id"]
            apart.publish(RefreshTokenReused(person_id=person_id, family_id=family_id))
            details = {"family_id": str(family_id)}
            apart.record(Entry("identity.refresh_reused", "identity.person", person_id, old=details))
    RECENT.drop(source=family_id)


async def _pair(uow: UnitOfWork, keyring: Keyring, owner: tuple[UUID, UUID], refresh_token: str) -> TokenPair:
    rules = Rules.of(uow.setup.settings.of(IdentitySettings))
    key = await signing.signing_key(uow, keyring)
    return TokenPair(access_tokens.issue(rules, key, *owner), refresh_token, int(rules.lifetime.total_seconds()))
