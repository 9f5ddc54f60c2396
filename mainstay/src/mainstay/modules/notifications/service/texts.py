"""The texts of a notification: one letter for the inbox and for the mail, in the language of whoever reads it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from mainstay.mail.letter import Catalogue, Letter, count_text, moment_text
from mainstay.mail.settings import Language
from mainstay.messages.notification import NotificationKind
from mainstay.modules.mail import api as mail
from mainstay.work import UnitOfWork

LETTERS: Final = Catalogue("mainstay.modules.notifications")


def letter_of(
    uow: UnitOfWork, kind: NotificationKind, values: Mapping[str, str], language: Language, path: str | None
) -> Letter:
    """Return what a notification says, with a button that leads to `path`."""
    told = {key: _told(kind, key, value, language) for key, value in values.items()}
    link = None if path is None else mail.link(uow, path)
    return kind.letters.write(kind.name, language, {**told, "brand": mail.brand(uow)}, link)


def _told(kind: NotificationKind, key: str, value: str, language: Language) -> str:
    """Return a value as it is read: a count, a moment, a word of its group, or as it is."""
    if key in kind.counts:
        return "" if value == "0" else count_text(int(value), language)
    # A moment begins with its year; what stands for none is a word.
    if key in kind.moments and value[:1].isdigit():
        return moment_text(datetime.fromisoformat(value), language)
    return kind.letters.word(language, kind.words[key], value) if key in kind.words else value
