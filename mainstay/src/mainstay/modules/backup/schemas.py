"""What the backup routes take and give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

State = Literal["making", "verified", "unverified", "broken", "failed"]


class BackupIn(BaseModel):
    """A wish for a backup now; the same id again asks for no second one."""

    model_config = ConfigDict(extra="forbid")

    id: UUID


class BackupOut(BaseModel):
    """A backup. What is null is not known, or not yet."""

    id: UUID
    kind: Literal["scheduled", "asked"]
    state: State = Field(
        description="`verified`: restored into a scratch database and compared; `unverified`: that could not be done; "
        "`broken`: the copy differed or did not come about; `failed`: there is no archive"
    )
    started_at: datetime = Field(description="Of which moment the archive is")
    ended_at: datetime | None
    removed_at: datetime | None = Field(description="When the archive went, by the rules or by somebody's hand")
    file: str | None
    size_bytes: int | None
    row_count: int | None
    is_encrypted: bool
    reason: str | None = Field(description="Why it is not verified")


class BackupStatusOut(BaseModel):
    """How backups stand."""

    is_scheduled: bool
    is_encrypted: bool = Field(description="Whether archives are encrypted from now on")
    verified_at: datetime | None = Field(description="Of which moment the newest verified archive is that is there")
    age_seconds: int | None = Field(description="For how long nothing newer has been safe")
    max_age_hours: float = Field(description="From what age on owners are told")
    alarm_since: datetime | None = Field(description="Since when no archive is young enough; null when all is well")


class BackupsOut(BaseModel):
    """A page of backups, the newest first, and how they stand."""

    status: BackupStatusOut
    items: list[BackupOut]
    next_cursor: str | None
