"""Settings of notifications: when they are gathered, and for how long they are kept."""

from pydantic import Field

from mainstay.settings import Settings


class NotificationSettings(Settings):
    """How people are told."""

    section = "notifications"

    digest_hour: int = Field(default=7, ge=0, le=23, description="Hour (UTC) of the daily mail, for who chose none")
    read_days: int = Field(default=60, ge=1, le=3650, description="For how long notifications are kept once read")
    keep_days: int = Field(default=365, ge=1, le=3650, description="For how long they are kept unread")
