"""The door for new devices: plain HTTP that answers with one page, its style, its code and the authority; nothing else.

It knows no cookies, no sessions and no API, and runs in a process that has none of them.
"""

import html
import importlib.resources
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template

from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from starlette.types import Receive, Scope, Send

from mainstay.bootstrap.lan.authority import fingerprint, read_certificate
from mainstay.bootstrap.lan.codes import picture
from mainstay.bootstrap.lan.names import LOCALHOST, LOOPBACK, Names, in_address
from mainstay.bootstrap.lan.profile import MEDIA_TYPE, profile
from mainstay.web.head import header
from mainstay.web.security_headers import HEADERS

LANGUAGES = ("en", "ru")
CERTIFICATE_PATH = "/authority.crt"
PROFILE_PATH = "/authority.mobileconfig"
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Steps by device, in the order of the page; and how a browser gives its device away, the telling sign first.
STEPS = {"ios": 3, "android": 4, "windows": 3, "macos": 2, "chromeos": 3}
_SIGNS = {"ios": "iPhone|iPad|iPod", "android": "Android", "chromeos": "CrOS", "windows": "Windows", "macos": "Mac OS"}
_PLAIN = "text/plain; charset=utf-8"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the page has to know: what the program is called, and the ports of HTTPS and of the page itself."""

    title: str
    secure_port: int
    page_port: int


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer."""

    body: bytes
    kind: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


class Door:
    """The page as an ASGI application; `ask` tells which names the machine has at the moment."""

    def __init__(self, entry: Entry, authority: Path, ask: Callable[[], Names]) -> None:
        self._entry = entry
        self._certificate = read_certificate(authority)
        self._ask = ask

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        reply = self._reply(scope) if scope["method"] in {"GET", "HEAD"} else _refusal()
        sent = {
            **HEADERS,
            "Content-Security-Policy": POLICY,
            "Content-Type": reply.kind,
            "Content-Length": str(len(reply.body)),
            "Cache-Control": "no-store",
            **dict(reply.headers),
        }
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": raw})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else reply.body})

    def _reply(self, scope: Scope) -> Reply:
        path = scope["path"]
        if path == "/":
            return Reply(self._page(scope).encode(), _HTML)
        if path == "/page.css":
            return Reply(_resource("page.css").encode(), "text/css; charset=utf-8")
        if path == "/code.svg":
            return Reply(picture(self._address(scope)), "image/svg+xml")
        if path == CERTIFICATE_PATH:
            body = self._certificate.public_bytes(serialization.Encoding.DER)
            return _download(body, "application/x-x509-ca-cert", path)
        if path == PROFILE_PATH:
            return _download(profile(self._certificate, self._entry.title), MEDIA_TYPE, path)
        language = _language(scope)
        known = {"program": html.escape(self._entry.title), "language": language}
        missing = Template(_resource("missing.html")).substitute({**_texts(language), **known})
        return Reply(missing.encode(), _HTML, 404)

    # -- the page ------------------------------------------------------------------------------------------------------

    def _page(self, scope: Scope) -> str:
        language = _language(scope)
        name = str(self._certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        known = {"title": html.escape(self._entry.title), "name": html.escape(name)}
        texts = {key: text.format(**known) for key, text in _texts(language).items()}
        device = _device(scope)
        fill = {
            **texts,
            "program": known["title"],
            "language": language,
            "other": next(other for other in LANGUAGES if other != language),
            "fingerprint": "<br>".join(fingerprint(self._certificate, 8)),
            "downloads": _downloads(texts, device),
            "devices": "\n".join(_steps(texts, each, is_open=each == device) for each in STEPS),
            "secure": html.escape(self._secure(self._host(scope))),
            "addresses": "\n".join(_item(self._secure(host)) for host in self._ask().all),
        }
        return Template(_resource("page.html")).substitute(fill)

    def _secure(self, host: str) -> str:
        return f"https://{in_address(host)}:{self._entry.secure_port}/"

    def _address(self, scope: Scope) -> str:
        """Return the page's own address, as another device in the network can open it."""
        host = self._host(scope)
        names = self._ask()
        is_here = host in {LOCALHOST, *LOOPBACK}
        return f"http://{in_address(names.all[0] if is_here and names.all else host)}:{self._entry.page_port}/"

    def _host(self, scope: Scope) -> str:
        """Return the name that the caller used for this machine, when it is one; else one that it has."""
        names = self._ask()
        given = (header(scope, b"host") or b"").decode("latin-1").lower()
        host = given.rpartition(":")[0] if re.search(r":\d+$", given) else given
        host = host.strip("[]")
        if names.has(host) or host in {LOCALHOST, *LOOPBACK}:
            return host
        return names.all[0] if names.all else LOCALHOST


def _downloads(texts: Mapping[str, str], device: str | None) -> str:
    links = [(PROFILE_PATH, texts["get_profile"]), (CERTIFICATE_PATH, texts["get_certificate"])]
    if device not in {"ios", "macos"}:
        links.reverse()
    kinds = ("button primary", "button")
    return "\n".join(
        f'<a class="{kind}" href="{path}">{text}</a>' for kind, (path, text) in zip(kinds, links, strict=True)
    )


def _steps(texts: Mapping[str, str], device: str, *, is_open: bool) -> str:
    steps = "".join(f"<li>{texts[f'{device}_{number}']}</li>" for number in range(1, STEPS[device] + 1))
    opened = " open" if is_open else ""
    return f"<details{opened}><summary>{texts[device]}</summary><ol>{steps}</ol></details>"


def _item(address: str) -> str:
    shown = html.escape(address)
    return f'<li><a href="{shown}">{shown}</a></li>'


def _device(scope: Scope) -> str | None:
    agent = (header(scope, b"user-agent") or b"").decode("latin-1")
    return next((device for device, signs in _SIGNS.items() if re.search(signs, agent)), None)


def _language(scope: Scope) -> str:
    """Return the language that the link names, else the first of the browser's that there is."""
    asked = re.search(r"(?:^|&)lang=([a-z]{2})(?:&|$)", scope["query_string"].decode("latin-1"))
    if asked and asked[1] in LANGUAGES:
        return asked[1]
    accepted = (header(scope, b"accept-language") or b"").decode("latin-1").lower()
    wanted = (part.strip()[:2] for part in accepted.split(","))
    return next((each for each in wanted if each in LANGUAGES), LANGUAGES[0])


def _download(body: bytes, kind: str, path: str) -> Reply:
    return Reply(body, kind, headers=(("Content-Disposition", f'attachment; filename="{path[1:]}"'),))


def _refusal() -> Reply:
    return Reply(b"This page can only be read.\n", _PLAIN, 405, (("Allow", "GET, HEAD"),))


@cache
def _resource(name: str) -> str:
    return (importlib.resources.files("mainstay.bootstrap.lan.page") / name).read_text(encoding="utf-8")


@cache
def _texts(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(_resource(f"{language}.json"))
    return found
