"""A new password by a one-time link, which goes to its person by mail, or is handed over where there is none.

Whoever manages people makes it, or its person asks for it by themselves (see `forgotten`).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from mainstay import crypto, ids
from mainstay.errors import NotAllowed, NotFound
from mainstay.messages.audit import Entry, Values
from mainstay.modules.identity.errors import ResetUnknown
from mainstay.modules.identity.events import PasswordChanged, ResetLinkMade
from mainstay.modules.identity.repository import people
from mainstay.modules.identity.repository import resets as repository
from mainstay.modules.identity.service import letters, policy, rights
from mainstay.modules.identity.service.endings import end_all
from mainstay.modules.identity.service.letters import OneTimeLink
from mainstay.modules.identity.service.passwords import hasher
from mainstay.modules.identity.service.policy import Candidate
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import Actor, Row, UnitOfWork

DEAD_LINK = "This link was used, has run out or was replaced; ask for a new one."


@dataclass(frozen=True, slots=True)
class ResetLink:
    """A one-time link as it is shown once: the token is behind `#`, so that no server ever logs it."""

    path: str
    expires_at: datetime
    is_mailed: bool = False


async def make_link(uow: UnitOfWork, person_id: UUID) -> ResetLink:
    """Make the link by which a person sets a new password; an earlier one dies.

    Raises NotFound, and NotAllowed for oneself and for people with rights that the actor lacks: the link is a way to
    become them.
    """
    row = await people.account(uow, person_id)
    if row is None:
        raise NotFound("There is nobody with this id who can sign in.")
    if person_id == uow.actor.id:
        raise NotAllowed("Change your own password on your account page; it asks for the present one.")
    await rights.demand_all_of(uow, row["role"], row["place_ids"])
    return await _make(uow, person_id, timedelta(hours=uow.setup.settings.of(IdentitySettings).reset_link_hours))


async def send_link(uow: UnitOfWork, person_id: UUID) -> ResetLink:
    """Make the link and mail it to its person; nobody else sees it where mail reaches people. Raises as `make_link`."""
    link = await make_link(uow, person_id)
    row = await people.account(uow, person_id)
    if row is None:
        raise NotFound("There is nobody with this id who can sign in.")
    is_mailed = await letters.send_reset(uow, row, OneTimeLink(link.path, link.expires_at))
    return replace(link, is_mailed=is_mailed)


async def send_asked_link(uow: UnitOfWork, person: Row, request_id: UUID) -> None:
    """Make the link that a person asked for by themselves, and mail it to the address that they have here."""
    lifetime = timedelta(minutes=uow.setup.settings.of(IdentitySettings).forgotten_link_minutes)
    link = await _make(uow, person["id"], lifetime, {"request": str(request_id)})
    await letters.send_reset(uow, person, OneTimeLink(link.path, link.expires_at))


async def _make(uow: UnitOfWork, person_id: UUID, lifetime: timedelta, told: Values | None = None) -> ResetLink:
    token = crypto.new_token()
    made = await repository.put(uow, ids.new_id(), crypto.digest(token), person_id, lifetime)
    uow.publish(ResetLinkMade(person_id=person_id))
    uow.record(Entry("identity.reset_link_made", "identity.person", person_id, new=told))
    return ResetLink(f"/reset#{token}", made)


async def check(uow: UnitOfWork, token: str) -> Row:
    """Return the person whose password `token` resets, and until when. Raises ResetUnknown."""
    row = await repository.find(uow, crypto.digest(token))
    if row is None or not await rights.is_given_by(uow, row["created_by"], row["role"], row["place_ids"]):
        raise ResetUnknown(DEAD_LINK)
    return row


async def use(uow: UnitOfWork, token: str, password: str) -> None:
    """Set the password of the person whom `token` is for; every session of theirs ends and they sign in anew.

    It signs nobody in: a second factor stays what it is. Raises ResetUnknown and PasswordRefused; after the second the
    link still works.
    """
    settings = uow.setup.settings.of(IdentitySettings)
    row = await check(uow, token)
    await policy.demand(uow, Candidate(password, row["role"], (row["name"], row["email"])))
    # The connection would be idle while the hash is computed.
    await uow.release()
    password_hash = await hasher(settings).hash(password)
    is_held = await people.hold_person(uow, row["person_id"], row["password_changed_at"])
    await check(uow, token)  # its maker may have been sent away while the hash was computed
    if not is_held or await repository.take(uow, crypto.digest(token)) is None:
        raise ResetUnknown(DEAD_LINK)
    uow.actor = Actor("person", row["person_id"], row["name"], row["role"])
    await people.set_password(uow, row["person_id"], password_hash)
    await end_all(uow, row["person_id"])
    uow.publish(PasswordChanged(person_id=row["person_id"], by_link=True))
    uow.record(Entry("identity.password_reset", "identity.person", row["person_id"]))
