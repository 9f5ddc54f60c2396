"""What is told of contacts that may be the same."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from tradepost.crm.matching.names import How
from tradepost.crm.matching.reasons import Verdict
from tradepost.crm.schemas import ContactKind, EmailOut, PhoneOut


class ReasonOut(BaseModel):
    """Why two contacts may be the same: `points` above 0 speak for it. `value` is what both have, in normal form."""

    code: str
    points: float
    value: str
    similarity: float | None
    how: How | None
    transliterated: bool


class LikeContactOut(BaseModel):
    """A contact beside which another is shown."""

    id: UUID
    kind: ContactKind
    name: str
    company_name: str | None
    title: str | None
    phones: list[PhoneOut]
    emails: list[EmailOut]
    archived_at: datetime | None


class MatchOut(BaseModel):
    """That two may be the same: `score` from 0 to 1, what it means, and why, the weightiest reason first."""

    score: float
    verdict: Verdict
    reasons: list[ReasonOut]


class DuplicateOut(MatchOut):
    """Somebody who may be the same."""

    contact: LikeContactOut


class DuplicatesOut(BaseModel):
    """Who may be the same as one contact, the likeliest first."""

    items: list[DuplicateOut]


class PairOut(MatchOut):
    """Two contacts that may be the same."""

    contacts: list[LikeContactOut]


class PairsOut(BaseModel):
    """A page of pairs of all contacts, the likeliest first."""

    items: list[PairOut]
    next_cursor: str | None
    total: int
