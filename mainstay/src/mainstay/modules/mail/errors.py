"""What mail refuses, each with its stable code."""

from mainstay.errors import Conflict, NotFound


class MailUnknown(NotFound):
    """There is no such mail, or there is no mailbox in this mode (404)."""

    code = "mail.unknown"
    title = "There is no such mail"


class MailNotWaiting(Conflict):
    """The mail cannot be tried again: it was sent, refused for good, or its content is gone (409)."""

    code = "mail.cannot_be_tried"
    title = "This mail cannot be tried again"


class BounceUnknown(NotFound):
    """The message is no report on a mail of this program (404)."""

    code = "mail.bounce_unknown"
    title = "This is no report on a mail of this program"
