"""Devices that have signed in before: a signed cookie tells them, so that no stranger's guesses keep them out.

The device cookies of OWASP's "Slow Down Online Guessing Attacks with Device Cookies". A cookie proves nothing but that:
it signs nobody in, and guesses made with it are counted for it.
"""

import re

from mainstay import crypto
from mainstay.keyring import Keyring
from mainstay.modules.identity.service.passwords import fold

# More people than share a browser; the oldest make room.
MOST_ACCOUNTS = 8
PURPOSE = "device"
_COOKIE = re.compile(r"([\w-]{22})((?:\.[\w-]{43}){1,8})")


def digest_of(keyring: Keyring, cookie: str | None, email: str) -> bytes | None:
    """Return what a device's guesses on the account of `email` are counted under; None when it has never signed in."""
    device, marks = _read(cookie)
    if device is None or not any(keyring.is_genuine(PURPOSE, _told(device, email), mark) for mark in marks):
        return None
    return crypto.digest(_told(device, email))


def with_account(keyring: Keyring, cookie: str | None, email: str) -> str:
    """Return the cookie by which this device is known to the account of `email` as well, the newest first."""
    device, marks = _read(cookie)
    if device is None:
        device = crypto.new_token(16)
    told = _told(device, email)
    others = (one for one in marks if not keyring.is_genuine(PURPOSE, told, one))
    return ".".join((device, *[keyring.sign(PURPOSE, told), *others][:MOST_ACCOUNTS]))


def _read(cookie: str | None) -> tuple[str | None, list[str]]:
    found = _COOKIE.fullmatch(cookie or "")
    return (found[1], found[2].strip(".").split(".")) if found else (None, [])


def _told(device: str, email: str) -> str:
    return f"{device}/{fold(email)}"
