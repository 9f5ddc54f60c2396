"""What came of each entry of a file, a card or a row: a contact or a reason, so that every entry is accounted for."""

from dataclasses import dataclass

from tradepost.crm.exchange.record import ContactRecord


@dataclass(frozen=True, slots=True)
class Notice:
    """Why an entry was rejected, or what of an accepted one was left out."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Read:
    """An accepted entry: the `number`th of its file, beginning at `line` (for sheets: the row); both count from one.

    `cells` are those of its row as they came; cards have none.
    """

    number: int
    line: int
    record: ContactRecord
    notices: tuple[Notice, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """An entry that is no contact; accepted and rejected entries are all that were read (rule 35).

    `cells` are what can be mended and sent again, under the columns of its file.
    """

    number: int
    line: int
    reason: Notice
    cells: tuple[str, ...] = ()


class ExchangeProblem(Exception):
    """The file as a whole cannot be read; the message is the sentence for the person who sent it."""


class Unreadable(Exception):
    """An entry cannot be accepted."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = Notice(code, sentence)
