"""What the routes of imported files give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from tradepost.crm.exchange.record import Kind, PhoneKind

ImportState = Literal["waiting", "done", "failed"]
EntryOutcome = Literal["accepted", "known", "rejected"]
# Whether a virus scanner has looked at a file that was taken.
Passed = Literal["none", "clean"]


class ContactImportOut(BaseModel):
    """A file of contacts; what was accepted, known already and rejected is all that was read (rule 35).

    `country` is where phones without a country code are from, the shop's where none was said (rule 30). `mapping` are
    the fields that were chosen for the columns of a table, apart by commas, empty where its headings said them.
    `is_repeat` says that the same file, read in the same way, was here before. `problem` says why reading failed,
    `scan` whether a virus scanner has looked at it.
    """

    id: UUID
    filename: str
    size_bytes: int
    format: Literal["vcard", "csv"]
    country: str | None
    mapping: str
    has_header: bool
    state: ImportState
    problem_code: str | None
    problem: str | None
    scan: Passed
    entries_read: int
    entries_accepted: int
    entries_known: int
    entries_rejected: int
    created_at: datetime
    finished_at: datetime | None
    is_repeat: bool = False


class ContactImportsOut(BaseModel):
    """A page of imported files, newest first."""

    items: list[ContactImportOut]
    next_cursor: str | None
    total: int


class ContactImportRowOut(BaseModel):
    """What came of an entry, the `number`th of its file, which begins at `line`.

    `code` and `sentence` say why it was rejected, or what of it was left out. `contact_id` is the contact that was
    made, or that was known; null when it is gone. `cells` are those of what was rejected.
    """

    number: int
    line: int
    outcome: EntryOutcome
    code: str | None
    sentence: str | None
    contact_id: UUID | None
    cells: list[str]


class ContactImportRowsOut(BaseModel):
    """A page of entries, in the file's order."""

    items: list[ContactImportRowOut]
    next_cursor: str | None
    total: int


class SheetColumnOut(BaseModel):
    """A column of a table: what stands in it, and the field it is read as.

    `field` and `guess` read `name`, `phone:mobile`, `email::2`, or `-` for a column that is left out; `guess` is what
    its heading alone says.
    """

    heading: str
    samples: list[str]
    field: str
    guess: str


class PreviewPhoneOut(BaseModel):
    """A phone as it was written, and in E.164 where it is one."""

    written: str
    e164: str | None
    kind: PhoneKind


class PreviewContactOut(BaseModel):
    """What a contact would hold."""

    kind: Kind
    name: str
    company: str
    title: str
    department: str
    language: str
    phones: list[PreviewPhoneOut]
    emails: list[str]
    websites: list[str]
    addresses: list[str]
    tags: list[str]
    notes: str


class PreviewEntryOut(BaseModel):
    """What would come of an entry; where it is rejected, without a contact and with its cells as they came."""

    number: int
    line: int
    outcome: EntryOutcome
    code: str | None
    sentence: str | None
    contact: PreviewContactOut | None
    cells: list[str]


class PreviewReasonOut(BaseModel):
    """Why entries would be rejected, with the sentence for the first of them."""

    code: str
    sentence: str
    count: int


class ContactPreviewOut(BaseModel):
    """A file that was looked at: nothing of it is stored.

    `problem` says why it cannot be imported as it is; a table is then to be told what its columns hold. `entries` are
    the first ten. `repeat_of` is the import that the same file, read in the same way, would be.
    """

    format: Literal["vcard", "csv"]
    columns: list[SheetColumnOut]
    has_header: bool
    country: str | None
    problem: str | None
    entries_read: int
    entries_accepted: int
    entries_known: int
    entries_rejected: int
    reasons: list[PreviewReasonOut]
    entries: list[PreviewEntryOut]
    repeat_of: ContactImportOut | None
