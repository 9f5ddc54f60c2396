"""One request and its answer over a connection of its own, to an address that the guard has looked at."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import httpcore2

from mainstay.net import failures
from mainstay.net.destination import Destination
from mainstay.net.failures import CallFailed
from mainstay.net.guard import Guard

MEBI: Final = 1024 * 1024

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for connecting to one address, for each silence while sending and reading, and for all together."""

    total: float = 30.0
    connect: float = 5.0
    silence: float = 15.0


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent where; headers may hold a key and the content a secret, so that neither is shown.

    `is_repeatable` says of a method that is not so by itself that sending it twice does no harm. Of an answer longer
    than `most_bytes` the rest is left (`is_cut`), or it is a failure.
    """

    method: str
    url: str = field(repr=False)
    headers: Headers = field(default=(), repr=False)
    content: bytes = field(default=b"", repr=False)
    is_repeatable: bool = False
    most_bytes: int = MEBI
    may_be_cut: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """What came back; header names are in lower case."""

    status: int
    headers: dict[str, str] = field(repr=False)
    content: bytes = field(repr=False)
    is_cut: bool = False


def default_trust() -> ssl.SSLContext:
    """Return whom everybody trusts."""
    return httpcore2.default_ssl_context()


async def exchange(
    guard: Guard, trust: ssl.SSLContext, request: Request, place: Destination, patience: Patience
) -> Response:
    """Send `request` once. Raises CallFailed; whoever calls limits the time of the whole.

    No redirect is followed and no proxy of the environment asked, because what is sent is for one receiver. A
    connection serves one call: no receiver can take up what another one needs.
    """
    silence = patience.silence
    times = {"connect": patience.connect, "read": silence, "write": silence, "pool": patience.connect}
    url = httpcore2.URL(
        scheme=place.scheme.encode(), host=_bracketed(place), port=place.port, target=place.target.encode()
    )
    try:
        async with (
            httpcore2.AsyncConnectionPool(trust, network_backend=_Guarded(guard)) as pool,
            pool.stream(
                request.method,
                url,
                headers=list(request.headers),
                content=request.content,
                extensions={"timeout": times},
            ) as response,
        ):
            return await _received(response, request)
    except httpcore2.ConnectError as error:
        if isinstance(error.__cause__ or error.__context__, ssl.SSLError):
            raise CallFailed("Its certificate could not be verified.", failures.NOT_TRUSTED) from error
        raise CallFailed("It could not be reached.", failures.UNREACHABLE) from error
    except httpcore2.ConnectTimeout as error:
        raise CallFailed("It could not be reached in time.", failures.UNREACHABLE) from error
    except httpcore2.TimeoutException as error:
        raise CallFailed("It did not answer in time.", failures.TIMEOUT) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, ssl.SSLError) as error:
        raise CallFailed("Its answer broke off.", failures.BROKEN_OFF) from error


def _bracketed(place: Destination) -> bytes:
    return f"[{place.host}]".encode() if ":" in place.host else place.host.encode()


async def _received(response: httpcore2.Response, request: Request) -> Response:
    content, is_cut = bytearray(), False
    async for piece in response.aiter_stream():
        content += piece
        if len(content) > request.most_bytes:
            is_cut = True
            break
    if is_cut and not request.may_be_cut:
        raise CallFailed("Its answer is too large.", failures.TOO_LARGE)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return Response(response.status, headers, bytes(content[: request.most_bytes]), is_cut)


class _Guarded(httpcore2.AsyncNetworkBackend):
    """Connects to the numbers that the guard gives; the name stays what the certificate must be for."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._backend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Open a connection to the first address that takes one."""
        last: Exception = httpcore2.ConnectError("no address")
        for address in await self._guard.addresses(host.strip("[]"), port):
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failure:
                last = failure
        raise last
