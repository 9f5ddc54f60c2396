"""What the routes of contacts take and give."""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from mainstay.bulk.schemas import BulkIn, MaybeSeenItemIn
from tradepost.tagging.api import Colour, TagName

MOST_PHONES = 20
MOST_EMAILS = 20
MOST_WEBSITES = 20
MOST_ADDRESSES = 10
MOST_TAGS = 50
LONGEST_NOTES = 20_000
MOST_FOREIGN = 200
LONGEST_FOREIGN = 500_000  # a photograph in a vCard is a property too

ContactKind = Literal["person", "company"]
PhoneKind = Literal["work", "mobile", "home", "fax", "pager", "other"]
PlaceKind = Literal["work", "home", "other"]
Source = Literal["manual", "vcard", "csv", "card"]
Missing = Literal["phone", "email", "company"]
Owner = UUID | Literal["me", "house"]


def _has_control(text: str, allowed: str = "") -> bool:
    """Say whether `text` holds control characters, or halves of characters; joiners that scripts need are none."""
    return any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in allowed)


def _line(value: str) -> str:
    if _has_control(value):
        raise ValueError("control characters and line breaks are not allowed")
    return unicodedata.normalize("NFC", value)


def _lines(value: str) -> str:
    if _has_control(value, allowed="\n\r\t"):
        raise ValueError("control characters are not allowed")
    return unicodedata.normalize("NFC", value)


def _text(longest: int, shortest: int = 1) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


def _no_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _left_out() -> Any:  # noqa: ANN401  what a field is declared with has any type
    """Return a field of a patch whose absence, told by `model_fields_set`, means no change."""
    return Field(default=None, json_schema_extra=_no_default)


FullName = Annotated[str, _text(300), AfterValidator(_line)]
NamePart = Annotated[str, _text(200), AfterValidator(_line)]
Affix = Annotated[str, _text(100), AfterValidator(_line)]
Part = Annotated[str, _text(300, shortest=0), AfterValidator(_line)]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35, examples=["de"])]
Notes = Annotated[str, _text(LONGEST_NOTES, shortest=0), AfterValidator(_lines)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PhoneIn(_In):
    """A number as it is written; its E.164 form is found by the program, with the shop's country as the default."""

    written: Annotated[str, _text(100), AfterValidator(_line), Field(examples=["+33 1 23 45 67 89"])]
    kind: PhoneKind = "work"


class EmailIn(_In):
    """An e-mail address as it is typed."""

    address: Annotated[str, _text(320), AfterValidator(_line), Field(examples=["zoe@example.com"])]
    kind: PlaceKind = "work"


class WebsiteIn(_In):
    """A page, with or without its scheme."""

    url: Annotated[str, _text(2000), AfterValidator(_line), Field(examples=["example.com"])]


class AddressIn(_In):
    """A place as one reads it, lines apart by line feeds, and in parts where they are known."""

    text: Annotated[str, _text(2000), AfterValidator(_lines), Field(examples=["12 Harbour Street\nBrest"])]
    street: Part = ""
    postcode: Part = ""
    city: Part = ""
    region: Part = ""
    country: Part = ""
    kind: PlaceKind = "work"


Phones = Annotated[list[PhoneIn], Field(max_length=MOST_PHONES)]
Emails = Annotated[list[EmailIn], Field(max_length=MOST_EMAILS)]
Websites = Annotated[list[WebsiteIn], Field(max_length=MOST_WEBSITES)]
Addresses = Annotated[list[AddressIn], Field(max_length=MOST_ADDRESSES)]
TagNames = Annotated[list[TagName], Field(max_length=MOST_TAGS)]


class ContactFields(_In):
    """What a contact has. `name` is the whole name as it is written; its parts are given only where they are known.

    The company of a person is a contact (`company_id`) or a name; with `company_id` the name is not looked at. Tags and
    groups are given by name; those that are missing are made.
    """

    kind: ContactKind = "person"
    name: FullName = Field(examples=["Zoë Müller"])
    given: NamePart | None = None
    family: NamePart | None = None
    middle: NamePart | None = None
    prefix: Affix | None = None
    suffix: Affix | None = None
    company_id: UUID | None = None
    company_name: FullName | None = None
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


class ContactIn(ContactFields):
    """A contact to create, with the id that its sender made."""

    id: UUID


class RecordIn(ContactIn):
    """A contact of a file, with what only files have: the UID of its vCard and the lines that nobody here knows."""

    uid: Annotated[str, _text(500), AfterValidator(_line)] | None = None
    foreign: Annotated[
        list[Annotated[str, _text(LONGEST_FOREIGN), AfterValidator(_lines)]], Field(max_length=MOST_FOREIGN)
    ] = []

    @field_validator("foreign")
    @classmethod
    def _keep_within(cls, foreign: list[str]) -> list[str]:
        if sum(map(len, foreign)) > LONGEST_FOREIGN:
            raise ValueError(f"unknown properties have at most {LONGEST_FOREIGN} letters together")
        return foreign


class ContactPatch(_In):
    """What to change of a contact; `version` is the one that was read (rule 36). Lists are replaced as a whole."""

    version: Version
    owner_id: UUID | None = _left_out()
    kind: ContactKind = _left_out()
    name: FullName = _left_out()
    given: NamePart | None = _left_out()
    family: NamePart | None = _left_out()
    middle: NamePart | None = _left_out()
    prefix: Affix | None = _left_out()
    suffix: Affix | None = _left_out()
    company_id: UUID | None = _left_out()
    company_name: FullName | None = _left_out()
    title: NamePart | None = _left_out()
    department: NamePart | None = _left_out()
    language: Language | None = _left_out()
    notes: Notes = _left_out()
    phones: Phones = _left_out()
    emails: Emails = _left_out()
    websites: Websites = _left_out()
    addresses: Addresses = _left_out()
    tags: TagNames = _left_out()
    groups: TagNames = _left_out()

    @model_validator(mode="after")
    def _take_one_company(self) -> Self:
        """With another company, the name of the one before goes; the other way round too."""
        if self.company_id is not None:
            self.company_name = None
            self.model_fields_set.add("company_name")
        elif self.company_name is not None:
            self.model_fields_set.add("company_id")
        return self


class LabelChange(_In):
    """Give contacts a tag or group, which is made where it is missing, or take it from them."""

    kind: Literal["add_tag", "remove_tag", "add_group", "remove_group"]
    name: TagName


class ArchiveChange(_In):
    """Put contacts away, or bring them back."""

    kind: Literal["archive", "unarchive"]


class OwnerChange(_In):
    """Give contacts to a person, or with null to the house."""

    kind: Literal["give"]
    owner_id: UUID | None


BulkChange = LabelChange | ArchiveChange | OwnerChange


class ContactsBulkIn(BulkIn[Annotated[BulkChange, Field(discriminator="kind")], MaybeSeenItemIn]):
    """One change to many contacts. `ids` alone, in the place of `items`, are taken as before.

    Labels go together with what others change, so no versions are asked for; one that is given has to hold.
    """

    @model_validator(mode="before")
    @classmethod
    def _take_ids(cls, given: object) -> object:
        if isinstance(given, dict) and isinstance(ids := given.get("ids"), list) and "items" not in given:
            rest = {name: value for name, value in given.items() if name != "ids"}
            return rest | {"items": [{"id": each} for each in ids]}
        return given


class LabelOut(BaseModel):
    """A tag or group of a contact."""

    id: UUID
    name: str
    colour: Colour


class ContactRowOut(BaseModel):
    """A contact in a list: `phone` as it was written and `email` are its first ones, `phone_e164` is to be dialled.

    `company_name` is that of the contact with `company_id`, or the name alone. With `owner_id` null it is the house's.
    """

    id: UUID
    kind: ContactKind
    name: str
    title: str | None
    company_id: UUID | None
    company_name: str | None
    owner_id: UUID | None
    owner_name: str | None
    phone: str | None
    phone_e164: str | None
    email: str | None
    source: Source
    tags: list[LabelOut]
    groups: list[LabelOut]
    version: int
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ContactsOut(BaseModel):
    """A page of contacts; `total` is the number of all that fit."""

    items: list[ContactRowOut]
    next_cursor: str | None
    total: int


class PhoneOut(BaseModel):
    """A number as it was written, and in E.164 where it is one (rule 30)."""

    written: str
    e164: str | None
    kind: PhoneKind


class EmailOut(BaseModel):
    """An e-mail address as it was typed."""

    address: str
    kind: PlaceKind


class WebsiteOut(BaseModel):
    """A page as it was written: not checked, so open it as a link only when it begins with http."""

    url: str


class AddressOut(BaseModel):
    """A place as one reads it, and in parts where they are known."""

    text: str
    street: str
    postcode: str
    city: str
    region: str
    country: str
    kind: PlaceKind


class ContactOut(BaseModel):
    """A contact with everything; with `hides_personal`, phones, e-mails, addresses, pages and notes are left out."""

    id: UUID
    kind: ContactKind
    name: str
    given: str | None
    family: str | None
    middle: str | None
    prefix: str | None
    suffix: str | None
    company_id: UUID | None
    company_name: str | None
    title: str | None
    department: str | None
    language: str | None
    notes: str
    source: Source
    owner_id: UUID | None
    owner_name: str | None
    has_owner_left: bool
    phones: list[PhoneOut]
    emails: list[EmailOut]
    websites: list[WebsiteOut]
    addresses: list[AddressOut]
    tags: list[LabelOut]
    groups: list[LabelOut]
    version: int
    hides_personal: bool
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime


class OwnerOut(BaseModel):
    """Somebody to whom contacts can be given."""

    id: UUID
    name: str


class OwnersOut(BaseModel):
    """To whom whoever asks may give contacts, by name; `house`: also to nobody but the house."""

    items: list[OwnerOut]
    house: bool


class TimelineEntryOut(BaseModel):
    """What happened to a contact: `created`, `imported`, `changed`, `archived`, `unarchived`, `tagged`, `untagged`.

    `given` names owners, `merged` and `merge_undone` the merge. `version` is the one that it made. Of a change,
    `details["changes"]` has the values before and after by field. `contact_id` is another contact's, with its name,
    when that one was merged into this. More kinds of entries may come.
    """

    id: int
    contact_id: UUID
    contact_name: str | None
    version: int
    what: str
    details: dict[str, Any]
    actor_name: str
    happened_at: datetime


class TimelineOut(BaseModel):
    """A page of what happened to a contact, newest first."""

    items: list[TimelineEntryOut]
    next_cursor: str | None
    total: int
