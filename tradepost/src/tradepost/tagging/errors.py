"""What can go wrong with tags."""

from mainstay.errors import Conflict, NotFound


class UnknownTag(NotFound):
    """There is no such tag or group."""

    code = "tagging.unknown_tag"
    title = "Unknown tag"


class NameTaken(Conflict):
    """Another tag of the kind has the name, perhaps in other case; `extra["taken"]` is its id."""

    code = "tagging.name_taken"
    title = "The name is taken"


class IdReused(Conflict):
    """The id belongs to another tag already."""

    code = "tagging.id_reused"
    title = "This id belongs to another tag"


class TooManyTags(Conflict):
    """The vocabulary is full."""

    code = "tagging.too_many"
    title = "Too many tags"
