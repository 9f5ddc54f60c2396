"""What is in hand right now, for logs, events and problem documents: the request id, and where it comes from."""

from contextvars import ContextVar

# The id of the request, job or command in hand.
request_id: ContextVar[str] = ContextVar("mainstay_request_id", default="-")

# The network address of who sent the request in hand; None in jobs and commands.
address: ContextVar[str | None] = ContextVar("mainstay_address", default=None)
