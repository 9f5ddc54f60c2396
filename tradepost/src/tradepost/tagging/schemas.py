"""What the tagging routes take and give."""

import unicodedata
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

LONGEST_NAME = 100
# Compatibility forms may stand for many letters; a key has to fit into an index.
LONGEST_KEY = 200

TagKind = Literal["tag", "group"]
Colour = Literal["grey", "red", "orange", "amber", "green", "teal", "blue", "violet", "pink"]


def name_key(name: str) -> str:
    """Return what names are compared by: accents count, case and the number of spaces do not."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:LONGEST_KEY]


def _line(value: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in value):
        raise ValueError("control characters and line breaks are not allowed")
    if not name_key(value):
        raise ValueError("write at least one sign that can be seen")
    return unicodedata.normalize("NFC", value)


def _no_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _parsed(counts: object) -> object:
    """Read what the database gives as JSON's text."""
    return orjson.loads(counts) if isinstance(counts, str) else counts


def _left_out() -> Any:  # noqa: ANN401  what a field is declared with has any type
    """Return a field of a patch whose absence, told by `model_fields_set`, means no change."""
    return Field(default=None, json_schema_extra=_no_default)


TagName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME), AfterValidator(_line)
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TagIn(_In):
    """A tag or group to make."""

    id: UUID
    kind: TagKind = "tag"
    name: TagName = Field(examples=["Supplier"])
    colour: Colour = "grey"


class TagPatch(_In):
    """What to change of a tag; `version` is the one that was read (rule 36)."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]
    name: TagName = _left_out()
    colour: Colour = _left_out()


class TagOut(BaseModel):
    """A tag or group; `count` is the number of things that it labels, null for who reaches only a part of them."""

    id: UUID
    kind: TagKind
    name: str
    colour: Colour
    version: int
    count: int | None


class TagsOut(BaseModel):
    """All tags and groups that were asked for, by name; there are at most 2000."""

    items: list[TagOut]


class CountedTag(BaseModel):
    """A tag or group with the numbers of things that it labels by what they are, as it is kept."""

    id: UUID
    kind: TagKind
    name: str
    colour: Colour
    version: int
    counts: Annotated[dict[str, int], BeforeValidator(_parsed)]

    def count(self, entity: str | None) -> int:
        """Return how many things it labels, or how many that are an `entity`."""
        return sum(self.counts.values()) if entity is None else self.counts.get(entity, 0)


class CountedTags(BaseModel):
    """All tags and groups, by name."""

    items: list[CountedTag]
