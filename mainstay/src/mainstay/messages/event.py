"""Event: a frozen message that is appended to the event log in the transaction that caused it."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Event(BaseModel):
    """Base of all events; `name` reads `<module>.<what_happened>` and is stable for ever.

    What tells others of events keeps the order of those about one object: the one in the field `about`, or else in the
    first field that ends in `_id`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    about: ClassVar[str | None] = None

    @classmethod
    def object_field(cls) -> str | None:
        """Return the field that holds the object's id; None when an event is about none."""
        return cls.about or next((field for field in cls.model_fields if field.endswith("_id")), None)


def object_id_of(event: Event) -> str | None:
    """Return the id of the object that an event is about; None when it is about none, or about many."""
    name = event.object_field()
    found = getattr(event, name) if name is not None else None
    return None if found is None or isinstance(found, list | tuple) else str(found)
