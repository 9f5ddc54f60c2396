"""Security headers, on every reply whatever it is."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay.web.head import header

# Everything from this origin; nothing inline, nothing evaluated. `data:` is for the small pictures inside style sheets,
# `blob:` for previews of files that the user has picked.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The server would name itself otherwise.
    "Server": "",
}
# Two years, as ASVS 5.0 (3.4.1) and browsers' lists ask at least one for.
HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


class SecurityHeaders:
    """Adds the headers; replies of the API and of health are not stored unless they say otherwise.

    A reply that states one of them, such as a policy of its own, keeps it. Over HTTPS browsers are told to use nothing
    else for this site from now on, except for `localhost`, which other programs of the same machine share.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        secured = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
        self._unstored = [*secured, (b"cache-control", b"no-store")]
        self._names = {name for name, _ in self._unstored}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        is_pinned = scope["scheme"] == "https" and not _is_localhost(scope)

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                stated = {name for name, _ in headers}
                if self._names.isdisjoint(stated):
                    message["headers"] = [*headers, *self._unstored]
                else:
                    message["headers"] = [*headers, *(own for own in self._unstored if own[0] not in stated)]
                if is_pinned:
                    message["headers"].append(HSTS)
            await send(message)

        await self._app(scope, receive, send_secured)


def _is_localhost(scope: Scope) -> bool:
    name = (header(scope, b"host") or b"").lower().partition(b":")[0]
    return name == b"localhost" or name.endswith(b".localhost")
