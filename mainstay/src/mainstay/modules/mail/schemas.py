"""What the mail routes take and give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mainstay.mail.settings import Language, Mode

State = Literal["waiting", "sent", "refused", "given_up", "unsent"]


class StatusOut(BaseModel):
    """How mail leaves this program, and what needs attention. Times are null where there is nothing to tell."""

    mode: Mode = Field(description="`smtp`: to a server; `mailbox`: into a folder, for development; `off`: not at all")
    sender: str | None
    waiting: int
    waiting_since: datetime | None = Field(description="How long the oldest has waited")
    troubled: int = Field(description="Mails of the last 30 days that were refused, given up, or wanted while off")
    last_sent_at: datetime | None


class MessageOut(BaseModel):
    """A mail, without what it says."""

    id: UUID
    name: str = Field(description="Which letter it is", examples=["identity.invitation"])
    recipient: str
    state: State
    tries: int
    reason: str | None = Field(description="Why it was not taken, as a stable code", examples=["status_550"])
    told: str | None = Field(description="What the server said of it")
    created_at: datetime
    ended_at: datetime | None


class MessagesOut(BaseModel):
    """A page of mails, the newest first."""

    items: list[MessageOut]
    next_cursor: str | None


class BounceOut(BaseModel):
    """What became of a report."""

    is_bounce: bool = Field(description="Whether a mail failed because of its address, which was not known before")


class LanguageIn(BaseModel):
    """In which language one wants mails."""

    model_config = ConfigDict(extra="forbid")

    language: Language


class MailboxItemOut(BaseModel):
    """A mail in the mailbox of a program in development."""

    id: UUID
    subject: str
    recipient: str
    sent_at: datetime


class MailboxOut(BaseModel):
    """The newest mails, the last one first."""

    items: list[MailboxItemOut]
