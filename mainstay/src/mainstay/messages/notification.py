"""What modules tell people of: kinds of notifications, declared in a manifest, with texts in every language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mainstay.mail.letter import Catalogue
from mainstay.permission import Permission

# How a notification goes by mail: at once, gathered once a day, or not at all.
MailChannel = Literal["now", "digest", "off"]


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """A kind of notification; `name` is stable for ever, and names its letter in the catalogue of its module.

    The letter is all there is of texts: the inbox shows its heading and paragraphs, a mail lays it out, and its `title`
    stands where people choose. `right` is whose holders are told, and who may choose; a kind without one is about
    single people. `mail` and `in_app` hold for who has not chosen; nobody can switch off what `is_security`. Of the
    values `moments` are times in ISO form, and `words` those that stand in a group of the catalogue; one that is both
    is a word when there is no moment. `counts` are whole numbers; one that is 0 is no fact worth telling.
    """

    name: str
    letters: Catalogue
    right: Permission | None = None
    mail: MailChannel = "now"
    in_app: bool = True
    is_security: bool = False
    moments: frozenset[str] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)
    counts: frozenset[str] = frozenset()
