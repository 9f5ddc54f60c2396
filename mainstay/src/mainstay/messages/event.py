"""Event: a frozen message that is appended to the event log in the transaction that caused it."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """Base of all events; `name` reads `<module>.<what_happened>` and is stable for ever."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
