"""A service on this machine that stands for Google's: it answers as it is told and keeps what it was asked."""

import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self


@dataclass(frozen=True, slots=True)
class Reply:
    """How one request is answered; `manner` is about an answer that does not come as it should."""

    status: int = 200
    body: bytes = b'{"responses": [{}]}'
    headers: tuple[tuple[str, str], ...] = ()
    manner: Literal["at once", "never", "by drops", "broken off"] = "at once"


@dataclass(frozen=True, slots=True)
class Received:
    """A request that came in."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class VisionServer:
    """Answers with `replies` in their order, the last one ever after. Start it with `with`."""

    replies: list[Reply] = field(default_factory=lambda: [Reply()])
    received: list[Received] = field(default_factory=list)
    port: int = 0
    tls: ssl.SSLContext | None = None
    on_request: Callable[[], None] = field(default=lambda: None)

    def __enter__(self) -> Self:
        self._stopped = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", self.port), _handler_for(self))
        self.port = self._http.server_address[1]
        if self.tls is not None:
            self._http.socket = self.tls.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/v1/images:annotate"

    def next_reply(self, request: Received) -> Reply:
        """Return how to answer."""
        self.received.append(request)
        self.on_request()
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    def is_stopped(self, seconds: float) -> bool:
        """Wait at most so long for the end."""
        return self._stopped.wait(seconds)


def _handler_for(server: VisionServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Handles the requests of one connection."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = server.next_reply(Received(self.path, dict(self.headers), body))
            # A caller that has gone away is what some tests are about.
            with suppress(OSError):
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            self.close_connection = True
            if reply.manner == "never":
                server.is_stopped(20)
                return
            if reply.manner == "by drops":
                self._send_by_drops()
                return
            length = len(reply.body) + (1 if reply.manner == "broken off" else 0)
            self.send_response(reply.status)
            for name, value in (("Content-Length", str(length)), *reply.headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def _send_by_drops(self) -> None:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not server.is_stopped(0.02):
                self.wfile.write(b"a")
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Say nothing."""

    return Handler
