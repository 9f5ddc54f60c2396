"""Ways back in for whoever holds the machine: one more owner, and a way in for somebody who lost theirs."""

from pydantic import TypeAdapter, ValidationError

from mainstay import crypto, ids
from mainstay.errors import InvalidInput
from mainstay.messages.audit import Entry, Values
from mainstay.modules.identity.errors import EmailTaken, PersonUnknown
from mainstay.modules.identity.repository import keys, people, pins
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.schemas.fields import Email, Name
from mainstay.modules.identity.service import factors, resets
from mainstay.modules.identity.service.endings import end_all
from mainstay.modules.identity.service.passwords import fold, hasher
from mainstay.modules.identity.service.resets import ResetLink
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.permission import OWNER
from mainstay.work import UnitOfWork

_EMAIL: TypeAdapter[str] = TypeAdapter(Email)
_NAME: TypeAdapter[str] = TypeAdapter(Name)


async def create_owner(uow: UnitOfWork, email: str, name: str) -> ResetLink:
    """Make one more owner under a password that nobody knows, and the link by which they set one.

    Raises InvalidInput and EmailTaken.
    """
    try:
        person = Identified(ids.new_id(), _NAME.validate_python(name), _EMAIL.validate_python(email), OWNER)
    except ValidationError as failure:
        raise InvalidInput("Give an e-mail address and a name of at most 200 characters.") from failure
    unknown = await hasher(uow.setup.settings.of(IdentitySettings)).hash(crypto.new_token())
    if not await people.add_person(uow, person, fold(person.email), unknown):
        raise EmailTaken("Somebody with this e-mail is here already.")
    told: Values = {"name": person.name, "email": person.email, "role": OWNER}
    uow.record(Entry("identity.owner_created", "identity.person", person.id, new=told))
    return await resets.make_link(uow, person.id)


async def reset_access(uow: UnitOfWork, email: str) -> ResetLink:
    """End everything by which a person is recognised, and make a link for a new password.

    Second factors, keys and the PIN go too. Raises PersonUnknown.
    """
    row = await people.person_by_email(uow, fold(email))
    if row is None:
        raise PersonUnknown("Nobody with this e-mail can sign in.")
    await end_all(uow, row["id"])
    await factors.remove_all(uow, row["id"])
    await keys.revoke_all_of(uow, row["id"])
    await pins.remove(uow, row["id"])
    uow.record(Entry("identity.access_reset", "identity.person", row["id"]))
    return await resets.make_link(uow, row["id"])
