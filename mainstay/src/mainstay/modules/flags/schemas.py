"""What the routes of flags take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictStr, StringConstraints

Variant = Annotated[StrictStr, StringConstraints(min_length=1, max_length=60)]
FlagValue = StrictBool | Variant
RoleName = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Version = Annotated[int, Field(ge=0, le=2_147_483_647, description="0: nobody has steered it yet", examples=[0])]


class SaidOut(BaseModel):
    """A sentence in the languages of the back office."""

    en: str
    ru: str


class RuleIn(BaseModel):
    """Gives `value` to whom everything fits that it names; the first rule that fits decides."""

    model_config = ConfigDict(extra="forbid")

    value: FlagValue = Field(examples=[True])
    roles: list[RoleName] = Field(default_factory=list, max_length=50, examples=[["cashier"]])
    places: list[UUID] = Field(default_factory=list, max_length=200)
    actors: list[UUID] = Field(default_factory=list, max_length=200)
    percent: Annotated[int, Field(ge=0, le=100)] | None = Field(
        default=None, description="This share of actors, always the same ones", examples=[25]
    )
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class FlagIn(BaseModel):
    """How a flag is to be steered; `version` is the one that was read."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    rules: list[RuleIn] = Field(default_factory=list, max_length=50)
    otherwise: FlagValue | None = Field(default=None, description="Where no rule fits; null: its default")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = None


class FlagOut(BaseModel):
    """A flag: what it switches, what it can be, and how it is steered."""

    key: str = Field(examples=["flags.read_only"])
    says: SaidOut
    values: list[bool | str]
    default: bool | str
    is_for_all: bool = Field(description="Whether it is the same for all: rules name times only")
    rules: list[RuleIn]
    otherwise: bool | str | None
    version: int
    changed_at: datetime | None


class FlagsOut(BaseModel):
    """All flags of the program, by key."""

    items: list[FlagOut]


class MyFlagsOut(BaseModel):
    """What each flag is for whoever asks."""

    values: dict[str, bool | str]
    is_read_only: bool = Field(description="Whether nothing can be changed at the moment")


class DecisionOut(BaseModel):
    """What a flag is for somebody and why; `rule` is the place of the rule that fits, from 0."""

    key: str
    value: bool | str
    reason: Literal["rule", "otherwise", "default"]
    rule: int | None


class PreviewOut(BaseModel):
    """What each flag is for somebody."""

    items: list[DecisionOut]


class SampleOut(BaseModel):
    """How many units met a variant."""

    variant: str
    exposed: int


class DifferenceOut(BaseModel):
    """How much a variant differs from the first, with its 95 % interval."""

    variant: str
    mean: float
    difference: float
    low: float
    high: float


class ExperimentOut(BaseModel):
    """An experiment: what is tried, how far it is, and what can be said of it, which is nothing before `size`."""

    key: str
    says: SaidOut
    variants: list[str]
    unit: Literal["actor", "place"]
    percent: int
    measure: Literal["share", "mean"]
    baseline: float
    effect: float
    started_at: datetime | None
    ended_at: datetime | None
    kept: str | None
    samples: list[SampleOut]
    state: Literal["not_started", "not_yet", "uneven", "no_difference", "winner"]
    seen: int = Field(description="Units of the variant that was met least")
    size: int = Field(description="Units that each variant needs, planned beforehand")
    evenness: float | None = Field(description="How likely such uneven variants are by chance")
    winner: str | None
    differences: list[DifferenceOut]


class ExperimentsOut(BaseModel):
    """All experiments of the program, by key."""

    items: list[ExperimentOut]


class EndIn(BaseModel):
    """The variant that everybody has from now on."""

    model_config = ConfigDict(extra="forbid")

    kept: Variant = Field(examples=["before"])
