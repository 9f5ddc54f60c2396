"""Compressed forms: which one a caller takes, and that each gives back what went in."""

import gzip

import brotli
import pytest
import zstandard

from mainstay.web.encodings import PACKERS, WORTH_PACKING, choose, packed_for_ever

TEXT = b'{"name": "Tea", "price_minor": 250}, ' * 1000
UNPACK = {"zstd": zstandard.decompress, "br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("GZIP", "gzip"),
        ("gzip;q=1.0, br;q=0.9, zstd;q=0.1", "gzip"),
        ("zstd;q=0, br ; q=0.000, gzip", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, *", "br"),
        ("gzip;q=0.5, *;q=0.7", "zstd"),
        ("*;q=0", ""),
        ("*;q=0, gzip", "gzip"),
        ("identity", ""),
        ("identity, gzip;q=0.9", ""),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0", ""),
        ("gzip;q=0, gzip", ""),
        ("deflate", ""),
        ("", ""),
        ("gzip;q=nan", ""),
        ("gzip;q=2", ""),
        ("gzip;level=9", ""),
        ("xgzip, gzipx", ""),
        (",,;q=1,gzip", "gzip"),
    ],
)
def test_a_caller_gets_the_form_it_likes_best(accepted: str, chosen: str) -> None:
    assert choose(accepted.encode()) == chosen


def test_only_what_is_offered_is_chosen() -> None:
    assert choose(b"zstd, gzip;q=0.1", ("br", "gzip")) == "gzip"
    assert choose(b"zstd, br", ("gzip",)) == ""


@pytest.mark.parametrize("name", PACKERS)
def test_each_form_is_smaller_and_gives_back_what_went_in(name: str) -> None:
    packed = PACKERS[name](TEXT)

    assert len(packed) < len(TEXT) / 10
    assert UNPACK[name](packed) == TEXT


def test_what_is_sent_often_is_packed_in_every_form_the_smallest_first() -> None:
    forms = packed_for_ever(TEXT)

    assert list(forms) == ["br", "zstd", "gzip"]
    assert {name: UNPACK[name](form) for name, form in forms.items()} == dict.fromkeys(forms, TEXT)


def test_nothing_is_packed_that_gains_nothing() -> None:
    assert packed_for_ever(TEXT[: WORTH_PACKING - 1]) == {}
    assert packed_for_ever(_scatter()) == {}


def _scatter() -> bytes:
    """Return bytes without order."""
    state, out = 1, bytearray()
    for _ in range(4096):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append(state >> 56)
    return bytes(out)
