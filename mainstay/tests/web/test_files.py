"""Files in memory: types, tags, compressed forms, and 304 for whoever has them already."""

import pytest
from starlette.types import Message

from mainstay.web.files import File, media_type

PLAIN = b"the text itself"


async def ask(file: File, method: str = "GET", status: int = 200, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of the answer to a request."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await file.send({"method": method, "headers": lines}, send, status=status)
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, sent[1]["body"]


FILE = File.of(PLAIN, "text/plain", "no-cache")
PACKED = File.of(PLAIN, "text/plain", "no-cache", {"br": b"br", "gzip": b"gzip"})


async def test_a_file_comes_with_type_size_tag_and_how_long_it_lasts() -> None:
    status, headers, body = await ask(FILE)

    assert (status, body) == (200, PLAIN)
    assert headers["content-type"] == "text/plain"
    assert headers["content-length"] == str(len(PLAIN))
    assert headers["cache-control"] == "no-cache"
    assert headers["etag"].startswith('"')
    assert "vary" not in headers


async def test_head_gives_the_headers_alone() -> None:
    _, headers, body = await ask(FILE, "HEAD")

    assert (headers["content-length"], body) == (str(len(PLAIN)), b"")


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
async def test_whoever_has_the_file_is_told_so(form: str) -> None:
    _, first, _ = await ask(FILE)

    status, headers, body = await ask(FILE, if_none_match=form.format(first["etag"]))

    assert (status, body) == (304, b"")
    assert headers == {"etag": first["etag"], "cache-control": "no-cache"}


async def test_another_tag_is_another_file() -> None:
    assert (await ask(FILE, if_none_match='"other"'))[0] == 200
    assert (await ask(FILE, status=503, if_none_match="*"))[0] == 503


@pytest.mark.parametrize(
    ("accepted", "body"),
    [
        ("gzip, deflate, br", b"br"),
        ("GZIP", b"gzip"),
        ("br;q=0, gzip;q=0.5", b"gzip"),
        ("br; q=0", PLAIN),
        ("deflate", PLAIN),
        ("", PLAIN),
    ],
)
async def test_the_best_form_that_the_caller_takes_is_sent(accepted: str, body: bytes) -> None:
    status, headers, found = await ask(PACKED, accept_encoding=accepted)

    assert (status, found) == (200, body)
    assert headers.get("content-encoding") == {b"br": "br", b"gzip": "gzip"}.get(body)
    assert headers["vary"] == "accept-encoding"


async def test_each_form_has_a_tag_of_its_own() -> None:
    tags = [(await ask(PACKED, accept_encoding=each))[1]["etag"] for each in ("br", "gzip", "")]

    assert len(set(tags)) == 3


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("app.js", "text/javascript; charset=utf-8"),
        ("STYLE.CSS", "text/css; charset=utf-8"),
        ("picture.avif", "image/avif"),
        ("data.unheard-of", "application/octet-stream"),
        ("LICENSE", "application/octet-stream"),
    ],
)
def test_types_follow_the_name(name: str, kind: str) -> None:
    assert media_type(name) == kind
