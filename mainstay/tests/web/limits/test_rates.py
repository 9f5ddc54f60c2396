"""Which class a route has: what it says, or what it does."""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from mainstay.web.limits.rates import API, BUSY, READ, SIGN_IN, UPLOAD, Limit, Rate, limit_of, limited

router = APIRouter()


@router.get("/read")
async def read() -> None:
    """Read."""


@router.post("/write")
async def write() -> None:
    """Write."""


@router.post("/raw", openapi_extra={"requestBody": {"content": {"text/csv": {}}}})
async def send_raw() -> None:
    """Send a file as it is."""


@router.post("/json", openapi_extra={"requestBody": {"content": {"application/json": {}}}})
async def send_json() -> None:
    """Send JSON."""


@router.post("/large")
async def send_large() -> None:
    """Send much."""


@router.post("/sell")
@limited(BUSY)
async def sell() -> None:
    """Sell."""


@router.post("/session")
@limited(SIGN_IN, named_by="email", free_on=[201])
async def sign_in() -> None:
    """Sign in."""


def limits(path: str, max_body_size: int | None = None) -> Limit:
    route = next(route for route in router.routes if isinstance(route, APIRoute) and route.path == path)
    return limit_of(route, max_body_size)


def rate(path: str, max_body_size: int | None = None) -> object:
    return limits(path, max_body_size).rate


def test_reads_and_writes_are_told_by_their_method() -> None:
    assert (rate("/read"), rate("/write"), rate("/json")) == (READ, API, API)


def test_whoever_takes_files_is_an_upload() -> None:
    assert {rate("/raw"), rate("/large", 1024 * 1024 + 1)} == {UPLOAD}
    assert rate("/large", 1024 * 1024) == API


def test_what_a_route_says_of_itself_holds() -> None:
    assert limits("/sell") == Limit(BUSY)
    assert limits("/session") == Limit(SIGN_IN, "email", frozenset({201}))
    assert isinstance(rate("/session"), Rate)
