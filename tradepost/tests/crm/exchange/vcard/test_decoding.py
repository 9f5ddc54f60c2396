"""Encodings of properties."""

import pytest

from tradepost.crm.exchange.vcard.decoding import decode, fallback_codec
from tradepost.crm.exchange.vcard.unfolding import RawProperty


def raw(data: bytes, *, is_quoted: bool = False) -> RawProperty:
    """Return a property."""
    return RawProperty(1, bytearray(data), len(data), is_quoted)


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ("N;CHARSET=windows-1251", "cp1251"),
        ("N;CHARSET=KOI8-R", "koi8-r"),
        ('N;charset="UTF-8"', "utf-8"),
        ("N;CHARSET=ascii", "utf-8"),
        ("N;CHARSET=x-unknown", "utf-8"),
        ("N;CHARSET=punycode", "utf-8"),
        ("N", "cp1251"),
    ],
)
def test_text_is_in_what_it_says_or_in_what_fits(head: str, codec: str) -> None:
    assert decode(raw(f"{head}:Щукин".encode(codec)), "cp1251") == f"{head}:Щукин"


def test_quoted_printable_is_decoded_after_the_colon_only() -> None:
    one = raw(b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=96;x=3D1", is_quoted=True)
    assert decode(one, "cp1252") == "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Ж;x=1"


def test_surrogates_are_joined_and_lone_ones_become_a_sign() -> None:
    assert decode(raw("N:\ud83d\ude00".encode("utf-8", "surrogatepass")), "cp1252") == "N:😀"
    assert decode(raw("N:\ud83d".encode("utf-8", "surrogatepass")), "cp1252") == "N:\ufffd"


def test_bytes_that_no_encoding_has_become_signs() -> None:
    assert decode(raw(b"N:\x81\xff"), "cp1252") == "N:\ufffdÿ"


@pytest.mark.parametrize(
    ("data", "is_quoted", "codec"),
    [
        ("FN:Щукин".encode("cp1251"), False, "cp1251"),
        ("FN:Müller".encode("cp1252"), False, "cp1252"),
        (b"FN;ENCODING=QUOTED-PRINTABLE:=D9=F3=EA=E8=ED", True, "cp1251"),
        ("FN;CHARSET=KOI8-R:Щукин".encode("koi8-r"), False, "cp1252"),
        (b"FN:" + b"\x00\x01" * 99, False, "cp1252"),
        (b"FN:plain", False, "cp1252"),
    ],
)
def test_code_pages_that_nobody_stated_are_told_apart(data: bytes, is_quoted: bool, codec: str) -> None:
    assert fallback_codec([raw(data, is_quoted=is_quoted)]) == codec
