"""What the security overview gives."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from mainstay.modules.identity.schemas.fields import Role


class UnprotectedPersonOut(BaseModel):
    """Somebody who signs in with a password alone; `is_required` says that their role must have a second factor."""

    id: UUID
    name: str
    role: Role
    is_required: bool


class StaleKeyOut(BaseModel):
    """An API key that nobody has used for long; without a person it is a service's."""

    id: UUID
    name: str
    hint: str
    person_name: str | None
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime


class TriedOut(BaseModel):
    """How many entries of an act the audit trail has of the last 24 hours."""

    act: str
    count: int


class SecurityOut(BaseModel):
    """How safe the accounts are now; lists show at most fifty, totals count all."""

    without_factor: list[UnprotectedPersonOut]
    without_factor_total: int
    stale_keys: list[StaleKeyOut]
    stale_keys_total: int
    unused_days: int
    signing_key_since: datetime | None
    tried: list[TriedOut]
