"""The letters of identity: invitations, links to set a new password, and a notice of every change of a credential."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from mainstay import clock
from mainstay.mail.letter import Catalogue, moment_text
from mainstay.mail.settings import Language
from mainstay.messages.event import Event
from mainstay.modules.identity import events
from mainstay.modules.identity.repository import readers
from mainstay.modules.mail import api as mail
from mainstay.modules.mail.api import Recipient
from mainstay.work import Row, UnitOfWork

LETTERS: Final = Catalogue("mainstay.modules.identity")


@dataclass(frozen=True, slots=True)
class Notice:
    """How a person is told of an event: where the button leads, and of which `group` its field `kind` names a word."""

    path: str | None = "/account"
    group: str | None = None


# Of which events a person is told, by the event's name, which is stable for ever: a row counts as soon as identity has
# the event. Each has its letter in `letters/*.json` under the same name, and carries the `person_id` whom it is about.
NOTICES: Final[Mapping[str, Notice]] = MappingProxyType(
    {
        "identity.person_joined": Notice("/"),
        "identity.person_approved": Notice("/sign-in"),
        "identity.person_changed": Notice(None),
        "identity.password_changed": Notice(),
        "identity.signed_out_everywhere": Notice(),
        "identity.factor_added": Notice(group="kinds"),
        "identity.factor_removed": Notice(group="kinds"),
        "identity.recovery_codes_made": Notice(),
        "identity.recovery_code_used": Notice(),
        "identity.pin_changed": Notice(),
        "identity.api_key_made": Notice(),
        "identity.api_key_revoked": Notice(),
        "identity.refresh_token_reused": Notice(),
    }
)


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A link for a mail: its path with the token behind `#`, and until when it works."""

    path: str
    expires_at: datetime


def told_of() -> tuple[type[Event], ...]:
    """Return the events of identity of which people are told."""
    found = (each for each in vars(events).values() if isinstance(each, type) and issubclass(each, Event))
    return tuple(each for each in found if each is not Event and each.name in NOTICES)


async def invite(uow: UnitOfWork, recipient: Recipient, role: str, link: OneTimeLink) -> bool:
    """Send an invitation of the actor's, in the actor's language; say whether that is the only way it goes.

    It is in the transaction that makes the link, so that a link that was not made is never sent.
    """
    if not mail.is_there(uow):
        return False
    language = await mail.language_of(uow, uow.actor.id)
    values = {"inviter": uow.actor.name, "role": LETTERS.word(language, "roles", role)}
    await _send_link(uow, "invitation", recipient, link, (language, values))
    return mail.reaches_people(uow)


async def send_reset(uow: UnitOfWork, person: Row, link: OneTimeLink) -> bool:
    """Send somebody the link by which they set a new password; say whether that is the only way it goes."""
    if not mail.is_there(uow):
        return False
    language = await mail.language_of(uow, person["id"])
    await _send_link(uow, "password_reset", Recipient(person["email"], person["name"]), link, (language, {}))
    return mail.reaches_people(uow)


async def send_confirmation(uow: UnitOfWork, sign_up: Row, link: OneTimeLink) -> None:
    """Send the link by which somebody who signed up confirms their address.

    The name is not in it: a stranger would have the program mail any text to any address.
    """
    await _send_link(uow, "sign_up", Recipient(sign_up["email"], ""), link, (sign_up["language"], {}))


async def tell_holder(uow: UnitOfWork, person: Row) -> None:
    """Tell a person that somebody signed up with their address, of which only they learn that it is known here."""
    language = await mail.language_of(uow, person["id"])
    await _tell(uow, "sign_up_known", Recipient(person["email"], person["name"]), language, "/sign-in")


async def tell_waiting(uow: UnitOfWork, sign_up: Row) -> None:
    """Tell somebody who signed up with the address of a sign-up that waits that it does."""
    await _tell(uow, "sign_up_waits", Recipient(sign_up["email"], sign_up["name"]), sign_up["language"])


async def tell_decider(uow: UnitOfWork, person: Row) -> None:
    """Tell somebody who manages people that somebody waits; who it is they see where they decide."""
    language = await mail.language_of(uow, person["id"])
    await _tell(uow, "sign_up_to_decide", Recipient(person["email"], person["name"]), language, "/settings")


async def tell_refused(uow: UnitOfWork, sign_up: Row) -> None:
    """Tell somebody that they were not approved."""
    await _tell(uow, "sign_up_refused", Recipient(sign_up["email"], sign_up["name"]), sign_up["language"])


async def notify(uow: UnitOfWork, event: Event) -> None:
    """Tell a person of something that happened to their account. Those who are gone are not told."""
    content, notice = event.model_dump(), NOTICES[event.name]
    person_id = content.get("person_id")
    person = await readers.reader(uow, person_id) if person_id is not None and mail.is_there(uow) else None
    if person is None:
        return
    language = await mail.language_of(uow, person["id"])
    values = {
        "name": person["name"],
        "brand": mail.brand(uow),
        "account": person["email"],
        "role": LETTERS.word(language, "roles", person["role"]),
        "at": moment_text(clock.now(), language),
    }
    if notice.group is not None:
        values["kind"] = LETTERS.word(language, notice.group, str(content["kind"]))
    link = None if notice.path is None else mail.link(uow, notice.path)
    letter = LETTERS.write(event.name, language, values, link)
    await mail.send(uow, event.name, Recipient(person["email"], person["name"]), letter)


async def _tell(uow: UnitOfWork, name: str, recipient: Recipient, language: Language, path: str | None = None) -> None:
    values = {"name": recipient.name, "account": recipient.address, "brand": mail.brand(uow)}
    letter = LETTERS.write(name, language, values, None if path is None else mail.link(uow, path))
    await mail.send(uow, f"identity.{name}", recipient, letter)


async def _send_link(
    uow: UnitOfWork, name: str, recipient: Recipient, link: OneTimeLink, told: tuple[Language, Mapping[str, str]]
) -> None:
    language, further = told
    values = {
        "name": recipient.name,
        "account": recipient.address,
        "brand": mail.brand(uow),
        "until": moment_text(link.expires_at, language),
        **further,
    }
    letter = LETTERS.write(name, language, values, mail.link(uow, link.path))
    await mail.send(uow, f"identity.{name}", recipient, letter)
