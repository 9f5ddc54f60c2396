"""One request to a service outside of this machine: bounded in time, size and tries, certificates verified."""

import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

import httpcore2

from mainstay import clock, crypto
from tradepost.crm.cards.engines.port import EngineFailed
from tradepost.crm.cards.limits import MEBI

TRIES: Final = 3
CONNECT_SECONDS: Final = 3.0
# The first pause between two tries; it doubles, and up to as much again is added, so that callers come back apart.
SHORTEST_PAUSE: Final = 0.25
# An answer for a card full of print is some hundred kilobytes.
MOST_BYTES: Final = 4 * MEBI
# Statuses by which a service says that the same request may go well a little later.
PASSING: Final = frozenset({429, 500, 502, 503, 504})
PIECE: Final = 65_536


@dataclass(frozen=True, slots=True)
class Request:
    """What is posted where; headers may hold a key and the content a picture, so that neither is shown."""

    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    content: bytes = field(repr=False)


class TryAgain(EngineFailed):
    """The same request may go well after a pause; `after` is how many seconds the service asked for."""

    def __init__(self, sentence: str, code: str, after: float | None = None) -> None:
        super().__init__(sentence, code)
        self.after = after


def spread() -> float:
    """Return a number from 0 to 1, by chance."""
    return crypto.digest(crypto.new_token())[0] / 255


@dataclass(frozen=True, slots=True)
class Caller:
    """Posts within `seconds`, whatever comes in between: the tries, the pauses, an answer byte by byte.

    It follows no redirect and asks no proxy, because what it posts is for one receiver.
    """

    seconds: float
    now: Callable[[], float] = clock.monotonic
    pause: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = spread
    trust: ssl.SSLContext = field(default_factory=httpcore2.default_ssl_context)

    def post(self, request: Request) -> bytes:
        """Return the content of a 200. Raises EngineFailed with the reason as its code.

        Only what did not reach the service, or what it refused for the moment, is tried again.
        """
        until = self.now() + self.seconds
        for attempt in range(1, TRIES):
            try:
                return self._post_once(request, until)
            except TryAgain as passing:
                wait = passing.after
                if wait is None:
                    wait = SHORTEST_PAUSE * 2.0 ** (attempt - 1) * (1 + self.chance())
                if self.now() + wait >= until:
                    raise
                self.pause(wait)
        return self._post_once(request, until)

    def _post_once(self, request: Request, until: float) -> bytes:
        backend = _Bounded(until, self.now)
        try:
            with (
                httpcore2.ConnectionPool(self.trust, network_backend=backend) as pool,
                pool.stream(
                    "POST",
                    request.url,
                    headers=list(request.headers),
                    content=request.content,
                    extensions={"timeout": {"connect": CONNECT_SECONDS}},
                ) as response,
            ):
                _check(response)
                return _content(response)
        except httpcore2.ConnectError as error:
            if _is_about_trust(error):
                raise EngineFailed("its certificate could not be verified", "not_trusted") from error
            raise TryAgain("it could not be reached", "unreachable") from error
        except httpcore2.TimeoutException as error:
            raise EngineFailed("it did not answer in time", "timeout") from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
            raise EngineFailed("its answer broke off", "broken_off") from error


def _is_about_trust(error: BaseException) -> bool:
    return isinstance(error.__cause__ or error.__context__, ssl.SSLError)


def _check(response: httpcore2.Response) -> None:
    """Raise EngineFailed unless the answer is a 200 that is sent as it is."""
    status, headers = response.status, {name.lower(): value for name, value in response.headers}
    if status in PASSING:
        raise TryAgain(f"it answered {status}", f"status_{status}", _asked_pause(headers.get(b"retry-after", b"")))
    if status != 200:
        raise EngineFailed(f"it answered {status}", f"status_{status}")
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise EngineFailed("its answer is packed, which was not asked for", "bad_answer")


def _content(response: httpcore2.Response) -> bytes:
    content = bytearray()
    for piece in response.iter_stream():
        content += piece
        if len(content) > MOST_BYTES:
            raise EngineFailed("its answer is too large", "too_large")
    return bytes(content)


def _asked_pause(value: bytes) -> float | None:
    """Return the seconds of a Retry-After, which holds them or a date (RFC 9110, 10.2.3); None without a sense."""
    text = value.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    with suppress(ValueError):
        moment = parsedate_to_datetime(text)
        return max((moment.replace(tzinfo=moment.tzinfo or UTC) - clock.now()).total_seconds(), 0.0)
    return None


class _Bounded(httpcore2.NetworkBackend):
    """Connections whose every step ends at one moment: a time-out of its own for each step would let them add up."""

    def __init__(self, until: float, now: Callable[[], float]) -> None:
        self._until, self._now = until, now
        self._backend = httpcore2.SyncBackend()

    def left(self, most: float | None) -> float:
        """Return the seconds that a step may take. Raises TimeoutException when there are none left."""
        seconds = self._until - self._now()
        if seconds <= 0:
            raise httpcore2.ReadTimeout("no time is left")
        return seconds if most is None else min(seconds, most)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Open a connection."""
        stream = self._backend.connect_tcp(host, port, self.left(timeout), local_address, socket_options)
        return _BoundedStream(stream, self)


class _BoundedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, bounds: _Bounded) -> None:
        self._stream, self._bounds = stream, bounds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has arrived."""
        return self._stream.read(max_bytes, self._bounds.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of it, piece by piece: a receiver that dawdles is not waited for anew with every byte."""
        for start in range(0, len(buffer), PIECE):
            self._stream.write(buffer[start : start + PIECE], self._bounds.left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Agree on keys with the service whose certificate names `server_hostname`."""
        stream = self._stream.start_tls(ssl_context, server_hostname, self._bounds.left(timeout))
        return _BoundedStream(stream, self._bounds)

    def get_extra_info(self, info: str) -> object:
        """Return what the connection knows of itself."""
        return self._stream.get_extra_info(info)
