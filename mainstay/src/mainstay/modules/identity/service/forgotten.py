"""A link for a new password that somebody asks for by themselves.

The request does the same for every address: it is counted and kept. Whether somebody is behind the address is looked
up by a job, so that neither the answer, nor its time, nor what it wrote tells (OWASP, forgot password cheat sheet).
"""

from uuid import UUID

from mainstay import ids
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import NoMail
from mainstay.modules.identity.events import ResetRequested
from mainstay.modules.identity.repository import people
from mainstay.modules.identity.repository import resets as repository
from mainstay.modules.identity.service import resets, throttle
from mainstay.modules.identity.service.passwords import fold
from mainstay.modules.identity.service.throttle import MailAsker
from mainstay.modules.mail import api as mail
from mainstay.work import UnitOfWork


async def ask(uow: UnitOfWork, email: str, address: str, device: bytes | None) -> None:
    """Take a request for the person with `email`, made from a network `address`. Raises NoMail.

    `device` is what the account knows the device by, if it has signed in there before.

    What was asked too often is dropped without a word.
    """
    if not mail.is_sent(uow):
        raise NoMail("This program sends no mails; ask whoever manages people for a link to set a new password.")
    email_key = fold(email)
    if not await throttle.admits(uow, "reset", MailAsker(email_key, address, device)):
        return
    request_id = ids.new_id()
    await repository.ask(uow, request_id, email_key)
    uow.publish(ResetRequested(request_id=request_id))
    uow.record(Entry("identity.reset_requested", "identity.reset_request", request_id))


async def answer(uow: UnitOfWork, request_id: UUID) -> None:
    """Mail the link to whoever has the address of a request and can sign in; do nothing for all others.

    It goes to the address as it is kept here, never to what was typed, which may only look alike.
    """
    request = await repository.take_request(uow, request_id)
    person = None if request is None else await people.person_by_email(uow, request["email_key"])
    if person is not None:
        await resets.send_asked_link(uow, person, request_id)
