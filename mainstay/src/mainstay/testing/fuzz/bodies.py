"""Bodies: JSON with fields replaced, JSON that no encoder writes, and what is no JSON at all."""

import gzip
import json
from collections.abc import Callable, Sequence
from random import Random

from mainstay.testing.fuzz.vectors import MARK, Raw

JSON_TYPE = b"application/json"
# Beyond what a route takes that does not say otherwise.
TOO_MUCH = 1_200_000


def encoded(value: object) -> bytes:
    """Return `value` as JSON, with every Raw inside it as it is."""
    if isinstance(value, Raw):
        return value.content
    if isinstance(value, dict):
        return b"{" + b",".join(_text(name) + b":" + encoded(part) for name, part in value.items()) + b"}"
    if isinstance(value, list | tuple):
        return b"[" + b",".join(map(encoded, value)) + b"]"
    return json.dumps(value).encode()


def _text(name: object) -> bytes:
    return json.dumps(str(name)).encode()


def replaced(document: object, where: Sequence[str | int], value: object) -> object:
    """Return a copy of `document` with `value` at `where`; what is missing on the way there is made."""
    if not where:
        return value
    first, rest = where[0], where[1:]
    if isinstance(first, int):
        items = list(document) if isinstance(document, list) else []
        return [replaced(items[0] if items else None, rest, value), *items[1:]]
    fields = dict(document) if isinstance(document, dict) else {}
    return {**fields, first: replaced(fields.get(first), rest, value)}


def _fields(document: object) -> dict[str, object]:
    return dict(document) if isinstance(document, dict) else {}


def _doubled(document: object) -> bytes:
    """Return an object with its first key twice, the second time with another value."""
    fields = _fields(document) or {"id": 1}
    name = next(iter(fields))
    return encoded(fields)[:-1] + b"," + _text(name) + b":" + _text(MARK) + b"}"


def _one_field_less(document: object, chance: Random) -> bytes:
    fields = _fields(document)
    fields.pop(chance.choice(list(fields)), None) if fields else None
    return encoded(fields)


_STRANGE: tuple[Callable[[object], tuple[bytes, bytes]], ...] = (
    lambda _: (JSON_TYPE, b""),
    lambda _: (JSON_TYPE, b"null"),
    lambda _: (JSON_TYPE, b"[]"),
    lambda _: (JSON_TYPE, b'"' + MARK.encode() + b'"'),
    lambda _: (JSON_TYPE, b"{"),
    lambda _: (JSON_TYPE, b"\xff\xfe{\x00}\x00"),
    lambda _: (JSON_TYPE, b"[" * 20_000),
    lambda _: (JSON_TYPE, b'{"a":' * 600 + b"1" + b"}" * 600),
    lambda _: (JSON_TYPE, b'{"x":"' + b"q" * TOO_MUCH + b'"}'),
    lambda document: (JSON_TYPE, b"\xef\xbb\xbf" + encoded(document)),
    lambda document: (JSON_TYPE, encoded([document])),
    lambda document: (JSON_TYPE, encoded(document) + b" {}"),
    lambda document: (JSON_TYPE, _doubled(document)),
    lambda document: (JSON_TYPE, encoded({**_fields(document), MARK: MARK, "role": "owner", "is_admin": True})),
    lambda document: (JSON_TYPE, encoded({**_fields(document), "__proto__": {"role": "owner"}, "": 1, "a.b[0]": {}})),
    lambda document: (JSON_TYPE + b"; charset=utf-16", encoded(document)),
    lambda document: (b"application/vnd." + MARK.encode() + b"+json", encoded(document)),
    lambda document: (b"text/plain", encoded(document)),
    lambda document: (b"", encoded(document)),
    lambda _: (b"application/xml", b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"),
    lambda _: (b"application/x-www-form-urlencoded", b"id=1&role=owner&" + MARK.encode()),
    lambda _: (b"multipart/form-data; boundary=q", b'--q\r\nContent-Disposition: form-data; name="x"\r\n\r\n'),
    lambda _: (b"multipart/form-data", b"--"),
    lambda document: (JSON_TYPE, gzip.compress(encoded(document), mtime=0)),
)

_FILES: tuple[bytes, ...] = (
    b"",
    b"\x00" * 100,
    b"\xff\xfe" + b"a\x00,\x00" * 10,
    b"\xef\xbb\xbfName,Price\nTonic,2.49\n",
    b"Name;Price\r\nTonic\x00;1\r\n",
    b'Name,Price\n"Tonic,1\n',
    b"Name,Price\n=cmd|' /C calc'!A0," + MARK.encode() + b"\n",
    b"Name,Name,Name\n1,2,3,4,5\n",
    b"Name,Price\n" + b"q" * 200_000 + b",1\n",
    b",".join([b"c"] * 5_000) + b"\n",
    b"Name,Price,VAT %,Stock\n" + MARK.encode() + b"' OR 1=1 --,1e400,NaN,-Infinity\n",
    b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:" + MARK.encode() + b"\r\nEND:VCARD\r\n",
    b"BEGIN:VCARD\r\n" * 200,
    b"BEGIN:VCARD\nVERSION:2.1\nN;ENCODING=QUOTED-PRINTABLE;CHARSET=NOSUCH:=ZZ=\nPHOTO;ENCODING=b:%%%\nEND:VCARD",
    b"BEGIN:VCARD\nVERSION:3.0\nFN:x\nTEL;TYPE=" + b"a," * 2_000 + b":+1\nBDAY:9999-99-99\nREV:x\nEND:VCARD\n",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x02\x00\x00\x00",
    b"GIF89a" + b"\xff" * 50,
    b"\xff\xd8\xff\xe0" + b"\x00" * 50,
    b"PK\x03\x04" + b"\x00" * 60,
    b"PK\x05\x06" + b"\x00" * 18,
    b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='" + MARK.encode() + b"()'/>",
    b"%PDF-1.7\n%\xff",
    b"\r\n".join([b"a,b"] * 3_000),
)


def strange_body(document: object, chance: Random) -> tuple[bytes, bytes]:
    """Return a content type and a body that is wrong as a whole, made of a right one where that is worse."""
    if chance.random() < 0.2:
        return JSON_TYPE, _one_field_less(document, chance)
    return chance.choice(_STRANGE)(document)


def strange_file(media: str, chance: Random) -> tuple[bytes, bytes]:
    """Return a content type and the content of a file that is not what a route for files of `media` hopes for."""
    kind = chance.choice((media, media, media, "text/plain", "application/json", "", f"{media}; charset={MARK}"))
    return kind.encode(), chance.choice(_FILES)
