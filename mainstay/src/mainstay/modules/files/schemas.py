"""What the routes of files take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

State = Literal["receiving", "quarantined", "ready", "refused"]
Scan = Literal["none", "waiting", "clean", "infected"]
# Of what was taken: nobody looked, or somebody found nothing.
Passed = Literal["none", "clean"]
Reason = Literal["type_not_allowed", "picture_damaged", "picture_too_large", "picture_moves", "infected"]
FormName = Literal["thumbnail", "screen"]
Kind = Annotated[str, Field(pattern=r"^[a-z_]{1,40}\.[a-z_]{1,40}$", examples=["catalog.product"])]


class FileIn(BaseModel):
    """A file that is to come. Its id is made by the sender: the same again changes nothing."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    owner_kind: Kind
    owner_id: UUID
    filename: str = Field(min_length=1, max_length=255)
    size: int = Field(ge=1, le=2**40, description="Bytes")


class FileFinish(BaseModel):
    """The end of a file that was sent."""

    model_config = ConfigDict(extra="forbid")

    sha256: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{64}$",
        description="SHA-256 of all that was sent, in hexadecimal digits; browsers have none for pages without TLS",
    )


class FormOut(BaseModel):
    """A smaller form of a picture."""

    name: FormName
    width: int
    height: int


class FileOut(BaseModel):
    """A file. While it is `receiving`, the next piece begins at `received`.

    `scan` says what a scanner found: `none` means that nobody looked at the file.
    """

    id: UUID
    owner_kind: str
    owner_id: UUID
    filename: str
    size: int
    received: int
    state: State
    reason: Reason | None
    scan: Scan
    media_type: str | None
    width: int | None
    height: int | None
    turn: int
    forms: list[FormOut]
    created_by_name: str
    created_at: datetime
    is_missing: bool = Field(description="Whether its bytes were not found where they should lie")


class FilesOut(BaseModel):
    """The files of a record, the oldest first."""

    items: list[FileOut]


class LinkOut(BaseModel):
    """A link that gives a file to whoever has it, until it runs out."""

    url: str
    expires_at: datetime
