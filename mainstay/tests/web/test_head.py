"""One reader for headers and the session cookie, which never disagrees with itself."""

import pytest

from mainstay.web.head import cookie, has_body, header

NAME = b"__Host-shop"


def scope(*cookies: bytes) -> dict[str, object]:
    return {"headers": [(b"host", b"localhost"), *((b"cookie", each) for each in cookies)]}


@pytest.mark.parametrize(
    ("cookies", "value"),
    [
        ((), None),
        ((b"__Host-shop=abc",), "abc"),
        ((b"theme=dark; __Host-shop=abc; lang=ru",), "abc"),
        ((b"theme=dark;__Host-shop=abc",), "abc"),
        ((b"theme=dark", b"__Host-shop=abc"), "abc"),
        ((b"not__Host-shop=evil; __Host-shop=abc",), "abc"),
        ((b"not__Host-shop=evil",), None),
        ((b"__Host-shop=first; __Host-shop=second",), "first"),
        ((b"__Host-shop=",), None),
        ((b"__Host-shop",), None),
        ((b"__Host-shop=a=b",), "a=b"),
        ((b"__Host-shop=\xff",), "ÿ"),
    ],
)
def test_the_first_cookie_of_the_name_counts(cookies: tuple[bytes, ...], value: str | None) -> None:
    assert cookie(scope(*cookies), NAME) == value


def test_the_first_header_of_a_name_counts() -> None:
    doubled = {"headers": [(b"host", b"one"), (b"host", b"two")]}

    assert header(doubled, b"host") == b"one"
    assert header(doubled, b"origin") is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], False),
        ([(b"content-length", b"0")], False),
        ([(b"content-length", b"5")], True),
        ([(b"transfer-encoding", b"chunked")], True),
    ],
)
def test_a_body_follows_when_a_header_says_so(headers: list[tuple[bytes, bytes]], *, expected: bool) -> None:
    assert has_body({"headers": headers, "http_version": "1.1"}) is expected


def test_later_versions_of_http_need_not_say_so() -> None:
    assert has_body({"headers": [], "http_version": "2"})
