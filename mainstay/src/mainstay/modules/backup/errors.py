"""What backups refuse, each with its stable code."""

from mainstay.errors import Conflict


class BackupUnderWay(Conflict):
    """A backup is being made, and one at a time is enough (409)."""

    code = "backup.under_way"
    title = "A backup is under way"
