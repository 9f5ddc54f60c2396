"""What the audit trail refuses, each with its stable code."""

from mainstay.errors import NotFound


class EntryUnknown(NotFound):
    """There is no such entry, or it has had its time (404)."""

    code = "audit.entry_unknown"
    title = "There is no such entry"


class StoryUnknown(NotFound):
    """Nothing is on record about this thing (404)."""

    code = "audit.story_unknown"
    title = "Nothing is on record about this"
