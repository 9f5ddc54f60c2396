"""What is sent about cards and told of them: pictures, what was read from them, what a reviewer made of it."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tradepost.crm.cards.reading import FieldKind
from tradepost.crm.schemas import (
    Addresses,
    Affix,
    ContactIn,
    ContactKind,
    Emails,
    Language,
    NamePart,
    Notes,
    Phones,
    TagNames,
    Version,
    Websites,
)

MOST_BOXES = 400
MOST_FIELDS = 200

PhotoState = Literal["waiting", "reading", "done", "failed"]
CardState = Literal["draft", "accepted", "skipped"]
HeldState = Literal["waiting", "taken", "refused"]
# Whether a virus scanner has looked at a picture that was taken.
Passed = Literal["none", "clean"]
# What it said of a file that it may yet have to look at.
Scan = Literal["none", "waiting", "clean", "infected"]
# Corners in the order of reading from the top left on, each x and y in pixels of the upright original.
Coordinate = Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)]
Corner = Annotated[list[Coordinate], Field(min_length=2, max_length=2)]
Corners = Annotated[
    list[Corner], Field(min_length=4, max_length=4, examples=[[[40, 60], [320, 60], [320, 92], [40, 92]]])
]
Confidence = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
BoxId = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]
Plain = Annotated[str, StringConstraints(max_length=2000)]


class _In(BaseModel):
    # What a card says is personal data: an error of the program must not carry it into the log.
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class CardBox(_In):
    """A piece of print: what it says, where it stands in the upright picture, and who read it (`engine`).

    Boxes that a reviewer splits, merges or types anew get new ids; their `engine` is empty.
    """

    id: BoxId
    text: Plain
    quad: Corners
    confidence: Confidence
    engine: Annotated[str, StringConstraints(max_length=100)] = ""


class CardField(_In):
    """A value of the contact, the `index`-th of its kind, with the boxes it came from; of a QR code it has none."""

    kind: FieldKind
    index: Annotated[int, Field(ge=0, le=100, strict=True)]
    value: Plain
    confidence: Confidence
    box_ids: Annotated[list[BoxId], Field(max_length=MOST_BOXES)] = []


class CardContact(_In):
    """A contact as far as it is known: what a form is filled with. It becomes a `ContactIn` when it is accepted."""

    kind: ContactKind = "person"
    name: Annotated[str, StringConstraints(max_length=300)] = ""
    given: NamePart | None = None
    family: NamePart | None = None
    middle: NamePart | None = None
    prefix: Affix | None = None
    suffix: Affix | None = None
    company_id: UUID | None = None
    company_name: Annotated[str, StringConstraints(max_length=300)] | None = None
    title: NamePart | None = None
    department: NamePart | None = None
    language: Language | None = None
    notes: Notes = ""
    phones: Phones = []
    emails: Emails = []
    websites: Websites = []
    addresses: Addresses = []
    tags: TagNames = []
    groups: TagNames = []


Boxes = Annotated[list[CardBox], Field(max_length=MOST_BOXES)]
Fields = Annotated[list[CardField], Field(max_length=MOST_FIELDS)]


class CardPatch(_In):
    """What a reviewer did so far; what is left out stays as it is. `version` is the one that was read (rule 36)."""

    version: Version
    boxes: Boxes | None = None
    fields: Fields | None = None
    contact: CardContact | None = None


class CardAccept(_In):
    """The contact to make of a card, with the boxes and fields as the reviewer left them."""

    version: Version
    contact: ContactIn
    boxes: Boxes
    fields: Fields


class CardDecision(_In):
    """Which version of a card is meant (rule 36)."""

    version: Version


class CardJoin(_In):
    """The other side of the same card."""

    version: Version
    other_id: UUID


class CardPhotoOut(BaseModel):
    """A picture that was sent; `width` and `height` are those of the upright original.

    `code` and `sentence` say why it could not be read. `is_repeat`: the very same picture was here before.
    `scan` says whether a virus scanner has looked at the file.
    """

    id: UUID
    batch_id: UUID
    filename: str
    size_bytes: int
    media_type: str
    width: int
    height: int
    scan: Passed
    state: PhotoState
    code: str | None
    sentence: str | None
    card_ids: list[UUID]
    created_at: datetime
    read_at: datetime | None
    is_repeat: bool = False


class CardRefusedOut(BaseModel):
    """A file of an archive that was not taken, and why."""

    filename: str
    code: str
    sentence: str


class CardHeldFileOut(BaseModel):
    """A file that was sent while the virus scanner was away: nothing of it is read or shown before that has looked.

    `taken`: `photo_ids` came of it, and `refused` names the files of an archive that were not taken. `refused`: `code`
    and `sentence` say why, and its bytes are gone. What was decided is forgotten after 30 days.
    """

    id: UUID
    batch_id: UUID
    filename: str
    size_bytes: int
    state: HeldState
    scan: Scan
    code: str | None
    sentence: str | None
    photo_ids: list[UUID]
    refused: list[CardRefusedOut]
    created_at: datetime
    decided_at: datetime | None


class CardHeldFilesOut(BaseModel):
    """A page of files that wait or waited for the virus scanner, in the order in which they were sent."""

    items: list[CardHeldFileOut]
    next_cursor: str | None
    total: int


class CardUploadOut(BaseModel):
    """What became of a file: its pictures, and what was not taken of an archive.

    `held` is the file itself where the virus scanner is away: it waits for that, and its pictures come later.
    `is_repeat`: all of it was here before, and nothing was added.
    """

    batch_id: UUID
    photos: list[CardPhotoOut]
    refused: list[CardRefusedOut]
    held: CardHeldFileOut | None = None
    is_repeat: bool


class CardPhotosOut(BaseModel):
    """A page of pictures, in the order in which they were sent."""

    items: list[CardPhotoOut]
    next_cursor: str | None
    total: int


class CardBatchOut(BaseModel):
    """Pictures that were sent together: how many of them wait, are being read, and how far the review is.

    `unscanned` are files that wait for the virus scanner; none of their pictures is counted yet.
    """

    id: UUID
    created_at: datetime
    photos: int
    waiting: int
    reading: int
    done: int
    failed: int
    drafts: int
    accepted: int
    skipped: int
    unscanned: int


class CardBatchesOut(BaseModel):
    """A page of batches, newest first."""

    items: list[CardBatchOut]
    next_cursor: str | None
    total: int


class CardRowOut(BaseModel):
    """A card in a list; `unsure` is the number of its fields with a confidence below 0.8.

    `place` is where it lies in its picture, which has `photo_width` by `photo_height` pixels.
    """

    id: UUID
    photo_id: UUID
    batch_id: UUID
    number: int
    state: CardState
    name: str
    company: str | None
    unsure: int
    place: Corners
    photo_width: int
    photo_height: int
    joined_to: UUID | None
    contact_id: UUID | None


class CardsOut(BaseModel):
    """A page of cards, in the order in which their pictures were sent."""

    items: list[CardRowOut]
    next_cursor: str | None
    total: int


class CardOut(BaseModel):
    """A card with its boxes, its fields and the contact that a form is filled with.

    `place` is where it lies in the picture, `code` the text of a QR code on it or empty. `sides` are other cards that
    are joined to this one: their values are in `contact` and `fields`, their boxes in their own pictures.
    """

    id: UUID
    photo_id: UUID
    batch_id: UUID
    number: int
    state: CardState
    version: int
    photo_width: int
    photo_height: int
    place: Corners
    boxes: list[CardBox]
    fields: list[CardField]
    contact: CardContact
    contact_id: UUID | None
    joined_to: UUID | None
    sides: list[UUID]
    code: str
    decided_at: datetime | None


class CardEngineOut(BaseModel):
    """How an engine of text recognition did: times are those of whole pictures in which it could take part.

    `cache_hits` are readings that were taken from the cache instead of being made again. `calls` are the cards that the
    engine itself was asked to read and how long it took; `failures` are those for which another one had to stand in, by
    reason: `breaker_open` where it was not even asked, because it had failed several times in a row.
    """

    engine: str
    version: str
    readings: int
    pictures_failed: int
    lines: int
    mean_confidence: float | None
    cpu_ms_mean: float | None
    cpu_ms_p95: float | None
    cache_hits: int
    calls: int
    call_ms_mean: float | None
    call_ms_p95: float | None
    failures: dict[str, int]


class CardEnginesOut(BaseModel):
    """The engines that have read cards here, by name and version.

    `sent_outside` says whether pictures of cards leave this machine: they do while there is a key for Google's engine.
    """

    items: list[CardEngineOut]
    sent_outside: bool
