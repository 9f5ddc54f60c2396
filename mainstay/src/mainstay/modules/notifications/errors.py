"""What notifications refuse, each with its stable code."""

from mainstay.errors import NotFound


class NotificationUnknown(NotFound):
    """There is no such notification of this person (404)."""

    code = "notifications.unknown"
    title = "There is no such notification"


class LinkUnknown(NotFound):
    """The link to end mails is none of this program's (404)."""

    code = "notifications.link_unknown"
    title = "This link is not known"


class AddressWell(NotFound):
    """Mail is not known to miss this person (404)."""

    code = "notifications.address_well"
    title = "Mail reaches this person as far as is known"
