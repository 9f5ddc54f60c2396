"""What can go wrong with contacts."""

from mainstay.errors import Conflict, InvalidInput, NotFound, ServiceUnavailable


class UnknownContact(NotFound):
    """There is no such contact."""

    code = "crm.unknown_contact"
    title = "Unknown contact"


class ContactMerged(Conflict):
    """The contact was merged into another; `survivor_id` says which."""

    code = "crm.contact_merged"
    title = "The contact was merged into another"


class UnknownMerge(NotFound):
    """There is no such merge."""

    code = "crm.unknown_merge"
    title = "Unknown merge"


class MergeNotUndoable(Conflict):
    """The merge was undone before, or the survivor was merged itself."""

    code = "crm.merge_not_undoable"
    title = "The merge cannot be undone"


class IdReused(Conflict):
    """The id belongs to another contact already."""

    code = "crm.id_reused"
    title = "This id belongs to another contact"


class InvalidContact(InvalidInput):
    """An e-mail address, or the company that was named, is refused; `errors` says which and why."""

    code = "crm.invalid_contact"
    title = "The contact is not valid"


class TooManyTags(Conflict):
    """A contact cannot have more tags."""

    code = "crm.too_many_tags"
    title = "The contact has too many tags"


class UnknownImport(NotFound):
    """There is no such import."""

    code = "crm.unknown_import"
    title = "Unknown import"


class ImportIdReused(Conflict):
    """The id belongs to the import of another file."""

    code = "crm.import_id_reused"
    title = "This id belongs to another import"


class UnreadableFile(InvalidInput):
    """The file has no contacts, too many of them, or is none that can be read."""

    code = "crm.unreadable_file"
    title = "The file cannot be read"


class UnknownPhoto(NotFound):
    """There is no such picture of a card."""

    code = "crm.unknown_photo"
    title = "Unknown picture"


class PhotoIdReused(Conflict):
    """The id belongs to another picture already."""

    code = "crm.photo_id_reused"
    title = "This id belongs to another picture"


class UnknownBatch(NotFound):
    """There is no such batch of pictures."""

    code = "crm.unknown_batch"
    title = "Unknown batch"


class UnknownHeldFile(NotFound):
    """There is no such file that waits, or waited, for the virus scanner."""

    code = "crm.unknown_held_file"
    title = "Unknown file"


class UnknownCard(NotFound):
    """There is no such card."""

    code = "crm.unknown_card"
    title = "Unknown card"


class CardDecided(Conflict):
    """The card was accepted or skipped already."""

    code = "crm.card_decided"
    title = "This card is decided already"


class CardJoined(Conflict):
    """The card is one side of another, or cannot be joined to it."""

    code = "crm.card_joined"
    title = "This card is joined to another"


class ArchiveRefused(InvalidInput):
    """The archive is damaged, too large, or holds no picture that can be taken."""

    code = "crm.archive_refused"
    title = "This archive cannot be taken"


class UnknownField(InvalidInput):
    """What was chosen for a column of a table is no field of a contact."""

    code = "crm.unknown_field"
    title = "This is no field of a contact"


class TooManyForSheet(InvalidInput):
    """More contacts than a printed sheet holds."""

    code = "crm.too_many_for_sheet"
    title = "Too many contacts for a sheet"


class PrintingFailed(ServiceUnavailable):
    """The sheet could not be printed; that is our fault."""

    code = "crm.printing_failed"
    title = "The sheet could not be printed"
