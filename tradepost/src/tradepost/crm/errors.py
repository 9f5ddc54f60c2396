"""What can go wrong with contacts."""

from mainstay.errors import Conflict, InvalidInput, NotFound, ServiceUnavailable


class UnknownContact(NotFound):
    """There is no such contact."""

    code = "crm.unknown_contact"
    title = "Unknown contact"


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
