"""What is told of contacts that may be the same, and asked and told of merging them."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tradepost.crm.matching.names import How
from tradepost.crm.matching.reasons import Verdict
from tradepost.crm.schemas import ContactFields, ContactKind, ContactOut, EmailOut, PhoneOut, Version

MOST_MERGED = 20
# Two contacts of the examples.
FIRST, SECOND = "018f5a3e-0000-7000-8000-5f9801c1f8a8", "018f5a3e-0000-7000-8000-5f9801c1f8a9"


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


class MergeIn(BaseModel):
    """Contacts to make one of: `versions` has each by its id, the survivor too, with the version that was seen.

    `result` is what the survivor is to be: of each field one of their values, or any other; lists are their union, or
    what is wanted of it.
    """

    model_config = ConfigDict(extra="forbid")

    id: UUID
    survivor_id: UUID = Field(examples=[FIRST])
    versions: Annotated[
        dict[UUID, Version], Field(min_length=2, max_length=MOST_MERGED, examples=[{FIRST: 1, SECOND: 3}])
    ]
    result: ContactFields

    @model_validator(mode="after")
    def _name_the_survivor(self) -> Self:
        if self.survivor_id not in self.versions:
            raise ValueError("the survivor is one of the contacts that are merged")
        return self


class MergeOut(BaseModel):
    """A merge: `merged_ids` lead to the survivor, which is shown as it is now."""

    id: UUID
    survivor: ContactOut
    merged_ids: list[UUID]
    merged_at: datetime
    actor_name: str
    undone_at: datetime | None


class MergesOut(BaseModel):
    """The latest merges that made a contact, newest first."""

    items: list[MergeOut]


class KeptOut(BaseModel):
    """What was changed after a merge and stays after its undo: a value, or what was added to a list."""

    field: str
    value_now: Any


class MergeUndoneOut(BaseModel):
    """What an undo left: the survivor, those that are there again, and what was kept of later changes."""

    survivor: ContactOut
    restored: list[ContactOut]
    kept: list[KeptOut]
