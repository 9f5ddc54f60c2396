"""Invitations: one-time links by which people join, the first owner included."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay import crypto, ids
from mainstay.errors import FieldProblem
from mainstay.messages.audit import Entry, Values
from mainstay.modules.identity.errors import DetailsMissing, EmailTaken, InvitationIdReused, InvitationUnknown
from mainstay.modules.identity.events import OwnerLinkMade, PersonInvited, PersonJoined
from mainstay.modules.identity.repository import invitations as repository
from mainstay.modules.identity.repository import people, sign_ups
from mainstay.modules.identity.repository.invitations import NewInvitation
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.repository.sessions import Browser
from mainstay.modules.identity.service import letters, policy, rights, roles, sessions
from mainstay.modules.identity.service.letters import OneTimeLink
from mainstay.modules.identity.service.passwords import fold, hasher
from mainstay.modules.identity.service.policy import Candidate
from mainstay.modules.identity.service.sessions import UNTOLD, NewSession
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.modules.mail.api import Recipient
from mainstay.permission import OWNER
from mainstay.work import Row, UnitOfWork

DEAD_LINK = "This link was used, has run out or was replaced; ask for a new one."


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link as it is shown once: the token is behind `#`, so that no server ever logs it.

    `is_mailed`: it went to the invited person, and nobody else is to see it.
    """

    id: UUID
    path: str
    expires_at: datetime
    is_mailed: bool = False


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What an invited person gives; `name` and `email` count where the invitation leaves them open."""

    token: str
    password: str
    name: str | None = None
    email: str | None = None
    browser: Browser = UNTOLD


async def make_owner_link(uow: UnitOfWork) -> Link | None:
    """Make the link for the first owner, so that earlier ones die; None when there is an owner."""
    token = crypto.new_token()
    lifetime = timedelta(hours=uow.setup.settings.of(IdentitySettings).owner_link_hours)
    row = await repository.put_owner_link(uow, ids.new_id(), crypto.digest(token), lifetime)
    if row is None:
        return None
    uow.publish(OwnerLinkMade(invitation_id=row["id"]))
    uow.record(Entry("identity.owner_link_made", "identity.invitation", row["id"]))
    return Link(row["id"], f"/setup#{token}", row["expires_at"])


async def invite(uow: UnitOfWork, invitation: NewInvitation) -> Link:
    """Make a link for somebody and mail it to them; the same invitation again gives a new link, and the old one dies.

    An owner may do everything, so making one asks for a fresh second factor. Raises InvalidInput for a role that there
    is not, NotAllowed for rights that the actor lacks, FreshFactorNeeded, EmailTaken and InvitationIdReused.
    """
    await rights.demand_places(uow, invitation.place_ids, invitation.role)
    await rights.demand_all_of(uow, invitation.role, invitation.place_ids)
    if invitation.role == OWNER:
        uow.actor.demand_fresh_factor()
    if await people.is_email_taken(uow, fold(invitation.email)):
        raise EmailTaken("Somebody with this e-mail is here already.")
    token = crypto.new_token()
    lifetime = timedelta(hours=uow.setup.settings.of(IdentitySettings).invitation_hours)
    row = await repository.put_invitation(uow, invitation, crypto.digest(token), lifetime)
    if row is None:
        raise InvitationIdReused("An invitation with this id exists and is another one or was accepted.")
    uow.publish(PersonInvited(invitation_id=row["id"], role=invitation.role))
    places = None if invitation.place_ids is None else [str(each) for each in invitation.place_ids]
    told: Values = {"name": invitation.name, "email": invitation.email, "role": invitation.role, "places": places}
    uow.record(Entry("identity.person_invited", "identity.invitation", row["id"], new=told))
    link = OneTimeLink(f"/join#{token}", row["expires_at"])
    is_mailed = await letters.invite(uow, Recipient(invitation.email, invitation.name), invitation.role, link)
    return Link(row["id"], link.path, link.expires_at, is_mailed)


async def check(uow: UnitOfWork, token: str) -> Row:
    """Return the role, name, e-mail and end of the invitation that `token` opens. Raises InvitationUnknown."""
    return await _demand_given(uow, await repository.open_invitation(uow, crypto.digest(token)))


async def accept(uow: UnitOfWork, acceptance: Acceptance) -> NewSession:
    """Make the invited person and sign them in.

    Raises InvitationUnknown, DetailsMissing, PasswordRefused and EmailTaken; the link then still works.
    """
    settings = uow.setup.settings.of(IdentitySettings)
    invitation = await check(uow, acceptance.token)
    person = _person(invitation, acceptance)
    await policy.demand(uow, Candidate(acceptance.password, person.role, (person.name, person.email)))
    # The connection would be idle while the hash is computed.
    await uow.release()
    password_hash = await hasher(settings).hash(acceptance.password)
    await _demand_given(uow, await repository.hold_invitation(uow, crypto.digest(acceptance.token)))
    if not await people.add_person(uow, person, fold(person.email), password_hash, invitation["place_ids"]):
        raise EmailTaken("Somebody with this e-mail is here already.")
    await repository.accept_invitation(uow, invitation["id"], person.id)
    await sign_ups.remove_of(uow, fold(person.email))
    uow.publish(PersonJoined(person_id=person.id, invitation_id=invitation["id"], role=person.role))
    session = await sessions.begin(uow, person, acceptance.browser)
    told: Values = {
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "invitation": str(invitation["id"]),
    }
    uow.record(Entry("identity.person_joined", "identity.person", person.id, new=told))
    return session


async def _demand_given(uow: UnitOfWork, row: Row | None) -> Row:
    """Return an invitation whose maker may still give what it gives. Raises InvitationUnknown."""
    if row is None or not await rights.is_given_by(uow, row["created_by"], row["role"], row["place_ids"]):
        raise InvitationUnknown(DEAD_LINK)
    return row


def _person(invitation: Row, acceptance: Acceptance) -> Identified:
    name: str | None = invitation["name"] or acceptance.name
    email: str | None = invitation["email"] or acceptance.email
    if name is None or email is None:
        missing = [field for field, value in (("name", name), ("email", email)) if value is None]
        raise DetailsMissing(
            "Tell us your name and your e-mail.",
            errors=[FieldProblem(field, "missing", "Fill this in.") for field in missing],
        )
    return Identified(ids.new_id(), name, email, invitation["role"])


async def at_start(uow: UnitOfWork) -> str | None:
    """Grant what this version of the program brings, and say where the first owner begins."""
    await roles.settle(uow)
    return await announce_owner_link(uow)


async def announce_owner_link(uow: UnitOfWork) -> str | None:
    """At each start without an owner: make a fresh link, and say where the owner begins."""
    link = await make_owner_link(uow)
    return None if link is None else f"Become the owner (once, until {link.expires_at:%Y-%m-%d %H:%M} UTC): {link.path}"
