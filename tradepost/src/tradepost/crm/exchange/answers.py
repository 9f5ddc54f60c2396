"""What the routes of imported files give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

ImportState = Literal["waiting", "done"]
EntryOutcome = Literal["accepted", "known", "rejected"]


class ContactImportOut(BaseModel):
    """A file of contacts; what was accepted, known already and rejected is all that was read (rule 35).

    `country` is where phones without a country code are from, the shop's where none was said (rule 30). `is_repeat`
    says that the same file was here before.
    """

    id: UUID
    filename: str
    size_bytes: int
    format: Literal["vcard", "csv"]
    country: str | None
    state: ImportState
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
    made, or that was known; null when it is gone.
    """

    number: int
    line: int
    outcome: EntryOutcome
    code: str | None
    sentence: str | None
    contact_id: UUID | None


class ContactImportRowsOut(BaseModel):
    """A page of entries, in the file's order."""

    items: list[ContactImportRowOut]
    next_cursor: str | None
    total: int
