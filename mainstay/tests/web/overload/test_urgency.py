"""How urgent a route is: as it says, or by what it does."""

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from mainstay.web.limits.rates import UPLOAD, Unlimited, limited
from mainstay.web.operation import Operation, operations
from mainstay.web.overload.urgency import FIRST, LAST, USUAL, urgent

router = APIRouter()


@router.get("/plain")
async def read() -> str:
    """Read."""
    return ""


@router.get("/stated")
@urgent(FIRST)
async def read_stated() -> str:
    """Read what is urgent."""
    return ""


@router.get("/file", response_class=PlainTextResponse)
async def read_file() -> str:
    """Read a file."""
    return ""


@router.get("/urgent-file", response_class=PlainTextResponse)
@urgent(FIRST)
async def read_urgent_file() -> str:
    """Read a file that somebody waits for."""
    return ""


@router.post("/upload")
@limited(UPLOAD)
async def send(_request: Request) -> str:
    """Send a file."""
    return ""


@router.get("/always")
@limited(Unlimited("this is a test"))
@urgent(LAST)
async def read_always() -> str:
    """Read whatever happens."""
    return ""


def test_a_route_says_it_or_files_can_wait_and_what_is_always_asked_is_never_refused() -> None:
    found: dict[str, Operation] = {each.path_format: each for each in operations((router,), "", "shop")}

    assert {path: each.urgency for path, each in found.items()} == {
        "/plain": USUAL,
        "/stated": FIRST,
        "/file": LAST,
        "/urgent-file": FIRST,
        "/upload": LAST,
        "/always": None,
    }
    assert [each.title for each in (FIRST, USUAL, LAST)] == ["first", "usual", "last"]
