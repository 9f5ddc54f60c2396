"""What can go wrong with a backup or a restore."""

from mainstay.errors import ConfigurationError


class BackupError(ConfigurationError):
    """A backup, its verification or a restore cannot be done; the message is one sentence with the way out."""


class Unrehearsed(BackupError):
    """The archive is sound as far as one can read it, and nobody could try to restore it here."""
