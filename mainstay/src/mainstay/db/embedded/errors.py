"""What can go wrong with the embedded database before the program runs."""

from mainstay.errors import ConfigurationError


class EmbeddedDatabaseError(ConfigurationError):
    """The embedded database cannot serve; the message is one sentence that names the reason and the way out."""
