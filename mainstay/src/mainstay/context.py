"""What is in hand right now, for logs, events and problem documents: the request id."""

from contextvars import ContextVar

# The id of the request, job or command in hand.
request_id: ContextVar[str] = ContextVar("mainstay_request_id", default="-")
