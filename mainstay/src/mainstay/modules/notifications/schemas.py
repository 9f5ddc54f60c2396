"""What the notification routes take and give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mainstay.bulk.schemas import BulkIn, BulkItemIn
from mainstay.mail.settings import Language
from mainstay.messages.notification import MailChannel

MOST_KINDS = 200
NotificationAct = Literal["read", "remove"]


class FactOut(BaseModel):
    """A detail of a notification."""

    label: str
    value: str


class NotificationOut(BaseModel):
    """A notification, in the language that was asked for."""

    id: UUID
    kind: str = Field(examples=["backup.missed"])
    title: str | None = Field(description="Null for what this version of the program has no words for any more")
    paragraphs: list[str]
    facts: list[FactOut]
    path: str | None = Field(description="The page of the app that it is about", examples=["/settings/queue"])
    action: str | None = Field(description="What the link to that page is called")
    created_at: datetime
    read_at: datetime | None


class NotificationsOut(BaseModel):
    """A page of notifications, the newest first."""

    items: list[NotificationOut]
    next_cursor: str | None


class UnreadOut(BaseModel):
    """How many are unread."""

    unread: int = Field(description="Up to 100, which stands for that and more")


class NotificationsChange(BaseModel):
    """Mark them as read, or take them out of the inbox."""

    model_config = ConfigDict(extra="forbid")

    kind: NotificationAct


class NotificationsBulkIn(BulkIn[NotificationsChange, BulkItemIn]):
    """What is to be done with many notifications."""


class ReadAllIn(BaseModel):
    """Up to which moment all were read: what came since stays unread."""

    model_config = ConfigDict(extra="forbid")

    up_to: datetime


class PreferenceOut(BaseModel):
    """How one is told of a kind."""

    kind: str = Field(examples=["backup.missed"])
    title: str
    in_app: bool
    mail: MailChannel
    is_fixed: bool = Field(description="Whether it cannot be switched off, because it is about security")


class MissedAddressOut(BaseModel):
    """That mail does not reach one's address."""

    address: str
    reason: str = Field(description="A stable code", examples=["status_550"])
    told: str | None = Field(description="What the server said")
    since: datetime


class PreferencesOut(BaseModel):
    """How one is told of each kind, when what is gathered comes, and whether mail reaches one."""

    items: list[PreferenceOut]
    digest_hour: int
    time_zone: str
    unreachable: MissedAddressOut | None


class PreferenceIn(BaseModel):
    """How one wants to be told of a kind."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=120, examples=["backup.missed"])
    in_app: bool
    mail: MailChannel


class PreferencesIn(BaseModel):
    """How one wants to be told of some kinds; the others stay as they are."""

    model_config = ConfigDict(extra="forbid")

    items: list[PreferenceIn] = Field(max_length=MOST_KINDS)


class DigestIn(BaseModel):
    """When one wants what is gathered."""

    model_config = ConfigDict(extra="forbid")

    digest_hour: int = Field(ge=0, le=23)
    time_zone: str = Field(max_length=60, examples=["Europe/Berlin"])


class LeavingIn(BaseModel):
    """The token of a link that ends mails."""

    model_config = ConfigDict(extra="forbid")

    token: str = Field(max_length=250)


class LeavingOut(BaseModel):
    """Which mails a link ends."""

    kind: str = Field(description="`gathered`: the daily mail", examples=["backup.missed"])
    title: str | None = Field(description="What they are called; null for the daily mail")
    language: Language


class UnreachableOut(BaseModel):
    """A person whom mail does not reach."""

    person_id: UUID
    name: str
    address: str
    reason: str = Field(description="A stable code", examples=["status_550"])
    told: str | None
    since: datetime


class UnreachablesOut(BaseModel):
    """Whom mail does not reach, the latest first."""

    items: list[UnreachableOut]
