"""Signing up by oneself, where a setting lets people: nobody gets in before somebody who manages people approved them.

The request does the same for every address, as in `forgotten`: a job looks up whose it is. A link mailed to the
address confirms it, together with the password that was chosen: whoever signs up under the address of somebody else
gets no account by that other's click.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from mainstay import crypto, ids
from mainstay.errors import FieldProblem
from mainstay.mail.settings import Language
from mainstay.messages.audit import Entry, Values
from mainstay.modules.identity.errors import EmailTaken, SignUpClosed, SignUpUnknown, WrongPassword
from mainstay.modules.identity.events import PersonApproved, SignUpConfirmed, SignUpRefused, SignUpRequested
from mainstay.modules.identity.permissions import MANAGE
from mainstay.modules.identity.repository import attempts, people, readers, roles
from mainstay.modules.identity.repository import sign_ups as repository
from mainstay.modules.identity.repository.attempts import Guess
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.repository.sign_ups import NewSignUp
from mainstay.modules.identity.service import letters, policy, rights, throttle
from mainstay.modules.identity.service.letters import OneTimeLink
from mainstay.modules.identity.service.passwords import fold, hasher
from mainstay.modules.identity.service.policy import Candidate
from mainstay.modules.identity.service.throttle import MailAsker
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.modules.mail import api as mail
from mainstay.permission import OWNER
from mainstay.work import Row, UnitOfWork

DEAD_LINK = "This link was used or has run out; sign up again."
DECIDED = "Nobody waits under this id; somebody has decided already."
NOT_CHOSEN = "This is not the password that you chose when you signed up."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody gives to sign up, from a network `address`."""

    name: str
    email: str
    password: str
    language: Language
    address: str


def is_open(uow: UnitOfWork) -> bool:
    """Whether people may sign up by themselves: a setting lets them, and there are mails to confirm an address by."""
    return uow.setup.settings.of(IdentitySettings).sign_up and mail.is_sent(uow)


def demand_open(uow: UnitOfWork) -> None:
    """Raise SignUpClosed unless people may sign up by themselves."""
    if not is_open(uow):
        raise SignUpClosed("Nobody signs up by themselves here; ask for an invitation.")


async def ask(uow: UnitOfWork, wanted: Wanted) -> None:
    """Take the wish to join, whoever has the address. Raises SignUpClosed and PasswordRefused.

    What was asked too often is dropped without a word.
    """
    demand_open(uow)
    settings = uow.setup.settings.of(IdentitySettings)
    await policy.demand(uow, Candidate(wanted.password, "", (wanted.name, wanted.email)))
    email_key = fold(wanted.email)
    is_admitted = await throttle.admits(uow, "sign_up", MailAsker(email_key, wanted.address))
    # The connection would be idle while the hash is computed. It is in any case: the time says nothing of others.
    await uow.release()
    password_hash = await hasher(settings).hash(wanted.password)
    if not is_admitted:
        return
    new = NewSignUp(ids.new_id(), wanted.name, wanted.email, email_key, password_hash, wanted.language)
    await repository.add(uow, new, timedelta(hours=settings.sign_up_link_hours))
    uow.publish(SignUpRequested(sign_up_id=new.id))
    uow.record(Entry("identity.sign_up_requested", "identity.person", new.id))


async def answer(uow: UnitOfWork, sign_up_id: UUID) -> None:
    """Mail the link that confirms an address to it; if it is known here, tell its owner so instead."""
    row = await repository.hold_unanswered(uow, sign_up_id)
    if row is None:
        return
    holder = await repository.holder(uow, row["email_key"])
    waiting = None if holder is not None else await repository.waiting_under(uow, row["email_key"])
    if holder is not None:
        await letters.tell_holder(uow, holder)
    elif waiting is not None:
        await letters.tell_waiting(uow, waiting)
    else:
        token = crypto.new_token()
        await repository.give_link(uow, sign_up_id, crypto.digest(token))
        await letters.send_confirmation(uow, row, OneTimeLink(f"/confirm#{token}", row["expires_at"]))
        return
    await repository.remove(uow, sign_up_id)


async def check(uow: UnitOfWork, token: str) -> Row:
    """Return whose address `token` confirms, and until when. Raises SignUpClosed and SignUpUnknown."""
    demand_open(uow)
    row = await repository.find(uow, crypto.digest(token))
    if row is None:
        raise SignUpUnknown(DEAD_LINK)
    return row


async def confirm(uow: UnitOfWork, token: str, password: str, address: str) -> None:
    """Confirm an address by the link that was mailed to it and the password that was chosen; then it waits.

    Raises SignUpClosed, SignUpUnknown, WrongPassword (the link then still works) and TooManyAttempts.
    """
    row = await check(uow, token)
    settings = uow.setup.settings.of(IdentitySettings)
    own = crypto.digest(f"confirm/{row['id']}")
    attempt = await throttle.count(uow, Guess(own, address, own), throttle.of_sign_ins(settings))
    # The connection would be idle while the hash is computed.
    await uow.release()
    is_right, _ = await hasher(settings).verify(password, row["password_hash"])
    if not is_right:
        raise WrongPassword(NOT_CHOSEN, errors=[FieldProblem("password", "wrong", NOT_CHOSEN)])
    if not await repository.confirm(uow, crypto.digest(token)):
        raise SignUpUnknown(DEAD_LINK)
    await attempts.forget_attempt(uow, attempt)
    await repository.remove_unconfirmed(uow, row["email_key"])
    uow.publish(SignUpConfirmed(sign_up_id=row["id"]))
    uow.record(Entry("identity.sign_up_confirmed", "identity.person", row["id"]))


async def tell_deciders(uow: UnitOfWork, sign_up_id: UUID) -> None:
    """Tell everybody who manages people that somebody waits, once a day however many begin to."""
    if await repository.is_first_within(uow, sign_up_id, timedelta(days=1)):
        deciding = [row["key"] for row in await roles.roles(uow) if MANAGE.name in rights.held_by(uow, row)]
        for person in await readers.readers_with(uow, deciding):
            await letters.tell_decider(uow, person)


async def waiting(uow: UnitOfWork, after: tuple[datetime, UUID] | None, limit: int) -> list[Row]:
    """Return up to `limit` who wait, after a (confirmed, id), who has waited longest first. Raises SignUpClosed."""
    demand_open(uow)
    return await repository.waiting(uow, after, limit)


async def approve(uow: UnitOfWork, sign_up_id: UUID, role: str, places: Sequence[UUID] | None) -> None:
    """Make a person of somebody who waits, with a role and perhaps limited to places; they keep the sign-up's id.

    Raises SignUpClosed, InvalidInput for a role or place that there is not, NotAllowed for rights that the actor lacks,
    FreshFactorNeeded for an owner, SignUpUnknown and EmailTaken.
    """
    demand_open(uow)
    await rights.demand_places(uow, places, role)
    await rights.demand_all_of(uow, role, places)
    if role == OWNER:
        uow.actor.demand_fresh_factor()
    row = await _take(uow, sign_up_id)
    person = Identified(row["id"], row["name"], row["email"], role)
    limits = None if places is None else sorted(set(places))
    if not await people.add_person(uow, person, row["email_key"], row["password_hash"], limits):
        raise EmailTaken("Somebody with this e-mail is here already; refuse this sign-up.")
    await mail.remember_language(uow, person.id, row["language"])
    uow.publish(PersonApproved(person_id=person.id, role=role))
    told_places = None if limits is None else [str(each) for each in limits]
    told: Values = {"name": person.name, "email": person.email, "role": role, "places": told_places}
    uow.record(Entry("identity.sign_up_approved", "identity.person", person.id, new=told))


async def refuse(uow: UnitOfWork, sign_up_id: UUID) -> None:
    """Tell somebody who waits that they may not join, and forget them. Raises SignUpClosed and SignUpUnknown.

    The trail says that it was done and by whom, and keeps nothing of somebody who never was here.
    """
    demand_open(uow)
    row = await _take(uow, sign_up_id)
    await letters.tell_refused(uow, row)
    uow.publish(SignUpRefused(sign_up_id=sign_up_id))
    uow.record(Entry("identity.sign_up_refused", "identity.person", sign_up_id))


async def _take(uow: UnitOfWork, sign_up_id: UUID) -> Row:
    row = await repository.take(uow, sign_up_id)
    if row is None:
        raise SignUpUnknown(DECIDED)
    return row
