"""Links by which a reader ends mails without signing in: signed, without an end, and good for nothing else."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from mainstay.keyring import Keyring
from mainstay.mail.letter import Leaving
from mainstay.mail.settings import Language
from mainstay.modules.mail import api as mail
from mainstay.modules.notifications.errors import LinkUnknown
from mainstay.modules.notifications.service.texts import LETTERS
from mainstay.work import UnitOfWork

PURPOSE: Final = "notifications.leave"
# What the mail of gathered notifications is called in its link: all kinds that are gathered.
GATHERED: Final = "gathered"
_FORM: Final = re.compile(r"([0-9a-f]{32})\.([a-z_]{1,60}(?:\.[a-z_]{1,60})?)\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose mails of which kind are to end."""

    person_id: UUID
    kind: str


def leaving(uow: UnitOfWork, wish: Wish, language: Language) -> Leaving:
    """Return how the reader of a mail ends such mails."""
    token = f"{wish.person_id.hex}.{wish.kind}.{_keyring(uow).sign(PURPOSE, _text(wish))}"
    label = LETTERS.word(language, "words", "leave")
    page, one_click = f"/unsubscribe#{token}", f"/api/v1/notifications/unsubscribe?token={token}"
    return Leaving(label, mail.link(uow, page), mail.link(uow, one_click))


def read(uow: UnitOfWork, token: str) -> Wish:
    """Return what a link is for. Raises LinkUnknown."""
    found = _FORM.fullmatch(token)
    if found is not None and uow.setup.keyring is not None:
        wish = Wish(UUID(found[1]), found[2])
        if uow.setup.keyring.is_genuine(PURPOSE, _text(wish), found[3]):
            return wish
    raise LinkUnknown("This link is not known. Sign in to choose which mails you get.")


def _keyring(uow: UnitOfWork) -> Keyring:
    keyring = uow.setup.keyring
    assert keyring is not None  # noqa: S101  without a secret mail is off
    return keyring


def _text(wish: Wish) -> str:
    return f"{wish.person_id}/{wish.kind}"
