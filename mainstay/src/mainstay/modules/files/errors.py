"""What files refuse, each with its stable code."""

from mainstay.errors import Conflict, InvalidInput, NotFound, ServiceUnavailable


class FileUnknown(NotFound):
    """There is no such file, or the actor does not reach the record that it belongs to (404)."""

    code = "files.unknown"
    title = "There is no such file"


class OwnerUnknown(NotFound):
    """There is no such record, or the actor does not reach it, or its kind has no files (404)."""

    code = "files.owner_unknown"
    title = "There is no such record"


class LinkRefused(NotFound):
    """The link was changed, has run out, or its file is gone (404): which it is, is not told."""

    code = "files.link_refused"
    title = "This link does not work any more"


class IdReused(Conflict):
    """Another file with this id exists (409)."""

    code = "files.id_reused"
    title = "Another file has this id"


class TooMany(Conflict):
    """The record has as many files as it may have (409)."""

    code = "files.too_many"
    title = "The record has too many files"


class WrongOffset(Conflict):
    """The piece does not follow what was received; `extra["received"]` says where to go on (409)."""

    code = "files.wrong_offset"
    title = "The piece does not follow the last one"


class NotReceiving(Conflict):
    """All of the file was received before (409)."""

    code = "files.not_receiving"
    title = "This file is complete"


class NotWhole(Conflict):
    """Not all of the file was received yet; `extra["received"]` says how much (409)."""

    code = "files.not_whole"
    title = "The file is not complete"


class NotReady(Conflict):
    """The file is not given out: it is being received or looked at, or was refused (409)."""

    code = "files.not_ready"
    title = "This file is not ready"


class HashDiffers(Conflict):
    """What was received is not what was sent: begin anew (409)."""

    code = "files.hash_differs"
    title = "The file arrived damaged"


class FileTooLarge(InvalidInput):
    """The file has more bytes than are taken (422)."""

    code = "files.too_large"
    title = "The file is too large"


class StorageFilled(ServiceUnavailable):
    """There is no room for more files: what the database needs of the disk is not given to them (503)."""

    code = "files.storage_full"
    title = "There is no room for files"


class StorageAway(ServiceUnavailable):
    """The place where files lie does not answer (503)."""

    code = "files.storage_away"
    title = "Files cannot be reached now"


class Infected(InvalidInput):
    """The virus scanner found something in what was sent: nothing of it was taken (422)."""

    code = "files.infected"
    title = "There is a virus in the file"


class NotScannable(InvalidInput):
    """The virus scanner answered and cannot look at this file, such as one that is too large for it (422)."""

    code = "files.not_scannable"
    title = "The file cannot be looked at for viruses"


class ScannerAway(ServiceUnavailable):
    """The virus scanner does not answer; what was sent is not taken unseen: send it again (503)."""

    code = "files.scanner_away"
    title = "The virus scanner is away"
