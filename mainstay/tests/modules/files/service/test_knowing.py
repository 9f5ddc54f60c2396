"""What a file is, by how it begins."""

import pytest
from file_calls import picture

from mainstay.modules.files.service.knowing import START, type_of


@pytest.mark.parametrize(
    ("start", "media_type"),
    [
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
        (picture("WEBP"), "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"plain words\r\n\twith tabs", "text/plain"),
        ("слова".encode(), "text/plain"),
        (("ж" * START).encode()[:START], "text/plain"),
        (b"\xef\xbb\xbfwith a mark", "text/plain"),
        (b"a < b and b > c", "text/plain"),
    ],
)
def test_what_is_known_is_named(start: bytes, media_type: str) -> None:
    assert type_of(start[:START]) == media_type


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b" \n",
        b"<svg onload=alert(1)>",
        b"words and then <script>",
        b"#!/bin/sh",
        b"MZ\x90\0",
        b"MZ words",
        b"{\\rtf1",
        b"PK\x03\x04",
        b"\x7fELF",
        b"GIF89a\x01\x00",
        b"na\xefve",
        b"\xff\xfeU\0T\0F\0",
        b"\xff" * START,
    ],
)
def test_what_is_not_known_is_not_taken_for_something_else(start: bytes) -> None:
    assert type_of(start) is None
