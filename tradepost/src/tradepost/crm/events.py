"""What happens to contacts; those that come from a file announce themselves together."""

from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class ContactCreated(Event):
    """A contact was entered by hand, over the API or from a card."""

    name: ClassVar[str] = "crm.contact_created"
    contact_id: UUID
    source: str


class ContactChanged(Event):
    """A contact was changed; `fields` names what: tags, groups and `archived_at` are among them."""

    name: ClassVar[str] = "crm.contact_changed"
    contact_id: UUID
    fields: tuple[str, ...]


class ContactsMerged(Event):
    """Contacts became one: `contact_ids` lead to the survivor since, with everything that referred to them."""

    name: ClassVar[str] = "crm.contacts_merged"
    about: ClassVar[str | None] = "survivor_id"
    merge_id: UUID
    survivor_id: UUID
    contact_ids: tuple[UUID, ...]


class MergeUndone(Event):
    """A merge was undone: `contact_ids` are there again."""

    name: ClassVar[str] = "crm.merge_undone"
    about: ClassVar[str | None] = "survivor_id"
    merge_id: UUID
    survivor_id: UUID
    contact_ids: tuple[UUID, ...]


class ContactsImported(Event):
    """Contacts came from a file, at most 1000 at once."""

    name: ClassVar[str] = "crm.contacts_imported"
    contact_ids: tuple[UUID, ...]
    source: str


class ScanWanted(Event):
    """All contacts are to be compared with one another; `after` is the last one that was."""

    name: ClassVar[str] = "crm.scan_wanted"
    after: UUID = UUID(int=0)


class ContactFileReceived(Event):
    """A file of contacts was sent and waits to be read."""

    name: ClassVar[str] = "crm.contact_file_received"
    import_id: UUID


class CardPhotoReceived(Event):
    """A picture of a card was sent and waits to be read."""

    name: ClassVar[str] = "crm.card_photo_received"
    photo_id: UUID


class CardFileHeld(Event):
    """A file of pictures was sent while the virus scanner was away, and waits for it."""

    name: ClassVar[str] = "crm.card_file_held"
    upload_id: UUID


class CardPhotoReadWanted(Event):
    """A picture is to be read again."""

    name: ClassVar[str] = "crm.card_photo_read_wanted"
    photo_id: UUID


class CardKept(Event):
    """A card was accepted and became a contact."""

    name: ClassVar[str] = "crm.card_kept"
    about: ClassVar[str | None] = "contact_id"
    card_id: UUID
    contact_id: UUID
