"""What webhooks refuse, each with its stable code."""

from mainstay.errors import Conflict, Gone, InvalidInput, NotFound, NotSignedIn


class SubscriptionUnknown(NotFound):
    """There is no such subscription (404)."""

    code = "webhooks.subscription_unknown"
    title = "There is no such webhook"


class DeliveryUnknown(NotFound):
    """There is no such delivery, or it has been forgotten (404)."""

    code = "webhooks.delivery_unknown"
    title = "There is no such delivery"


class SourceUnknown(NotFound):
    """There is no such source (404)."""

    code = "webhooks.source_unknown"
    title = "There is no such source"


class AddressNotAllowed(InvalidInput):
    """Events cannot be sent to this address (422)."""

    code = "webhooks.address_not_allowed"
    title = "Events cannot be sent to this address"


class EventUnknown(InvalidInput):
    """There is no event of this name (422)."""

    code = "webhooks.event_unknown"
    title = "There is no such event"


class IdTaken(Conflict):
    """The id or name belongs to another one already (409)."""

    code = "webhooks.id_taken"
    title = "This exists already"


class TooMany(Conflict):
    """There are as many as there may be (409)."""

    code = "webhooks.too_many"
    title = "There are too many"


class NotActive(Conflict):
    """The webhook is paused or switched off (409)."""

    code = "webhooks.not_active"
    title = "This webhook is not active"


class SignatureRefused(NotSignedIn):
    """The message does not come from a known source, or not now (401): which it is, is not told."""

    code = "webhooks.signature_refused"
    title = "The signature was refused"


class MessageReplayed(Conflict):
    """The very same message came before (409)."""

    code = "webhooks.message_replayed"
    title = "This message was taken before"


class PositionGone(Gone):
    """What stood behind this position has been deleted (410); `extra["oldest"]` is where the log begins."""

    code = "webhooks.position_gone"
    title = "The log does not go back so far"
