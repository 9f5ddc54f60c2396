"""What a browser tells of an error, all of it bounded: anybody may send it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0, le=10_000_000)]


class PlaceIn(BaseModel):
    """A place in the web app's code."""

    model_config = ConfigDict(extra="forbid")

    file: str = Field(max_length=200, examples=["/assets/till-C0ffee.js"])
    function: str = Field(default="", max_length=100, examples=["pay"])
    line: Count = Field(default=0, examples=[1])
    column: Count = Field(default=0, examples=[4711])


class BrowserErrorIn(BaseModel):
    """An error that nothing in the page caught."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=60, pattern=r"^[A-Za-z][A-Za-z0-9]*$", examples=["TypeError"])
    message: str = Field(default="", max_length=1000, examples=["undefined is not a function"])
    page: str = Field(default="/", max_length=300, pattern=r"^/", examples=["/till"])
    places: list[PlaceIn] = Field(default_factory=list, max_length=30, description="The innermost first")
