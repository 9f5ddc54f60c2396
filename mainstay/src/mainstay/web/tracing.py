"""The trace of a request: continued where the caller sends a `traceparent`, begun otherwise, and told in the reply."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay import context
from mainstay.observe.patterns import cleaned
from mainstay.observe.traces import Parent, Span, Tracer, current
from mainstay.web.head import header
from mainstay.web.place import place_of, told_path
from mainstay.work import Actor

# The name that W3C Trace Context, level 2, gives it: trace id, id of the request's span, whether it was recorded.
REPLY: Final = b"traceresponse"
# Asked every few seconds by machines, and no request of anybody.
UNTRACED: Final = ("/health/", "/metrics")


class Tracing:
    """Has what a request does become spans of one trace; the layer is there only where traces are wanted."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["path"].startswith(UNTRACED):
            await self._app(scope, receive, send)
            return
        given = header(scope, b"traceparent")
        parent = Parent.of(given.decode("latin-1").strip()) if given is not None else None
        step = self._tracer.begin_request(scope["method"], parent)
        told = (REPLY, step.traceparent.encode())

        async def send_with_trace(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), told]
                step.attributes["http.response.status_code"] = message["status"]
            await send(message)

        token = current.set(step)
        try:
            await self._app(scope, receive, send_with_trace)
        except BaseException as failure:
            step.failure = type(failure).__name__
            raise
        finally:
            current.reset(token)
            _describe(step, scope)
            step.end()


def _describe(step: Span, scope: Scope) -> None:
    """Say by the route's template what was asked for; what it was asked with is nobody's business here."""
    if not step.trace.is_sampled:
        return
    method, path = scope["method"], cleaned(told_path(scope))
    facts = step.attributes
    facts["http.request.method"], facts["url.path"] = method, path
    facts["mainstay.request_id"] = context.request_id.get()
    if (route := place_of(scope).route) is not None:
        step.name = f"{method} {route}"
        facts["http.route"] = route
    actor: Actor | None = scope.get("actor")
    if actor is not None and actor.id is not None:
        facts["mainstay.actor_id"] = str(actor.id)
    status = facts.get("http.response.status_code", 0)
    if isinstance(status, int) and status >= 500 and step.failure is None:
        step.failure = f"status {status}"
