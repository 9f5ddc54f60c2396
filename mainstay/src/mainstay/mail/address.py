"""Addresses and lines that may stand in a mail's head: nothing that a person wrote can end a line there."""

import re
import unicodedata
from email.headerregistry import Address

# Local parts without quotation marks (RFC 5321 dot-atom, with the letters of RFC 6531): what people have.
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
# What ends a line, and what turns the direction of all that follows: `Ada<override>moc.knab` reads as a bank's.
_ENDS_A_LINE = frozenset({"Cc", "Zl", "Zp", "Cs"})
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
MOST = 254
MOST_LOCAL = 64


class BadAddress(Exception):
    """No mail can be sent to this address; the message says why without repeating it."""


def checked_address(text: str) -> str:
    """Return an address as mail servers take it: the domain in ASCII (IDNA), the local part as it is written.

    Raises BadAddress. Marks that could end an address or a command, and control characters, are never let through.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or "=?" in local or not _LOCAL.fullmatch(local) or len(local.encode()) > MOST_LOCAL:
        raise BadAddress("This is not an e-mail address.")
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as failure:
        raise BadAddress("The part after the @ is not a domain.") from failure
    if not all(_LABEL.fullmatch(label) for label in ascii_domain.split(".")):
        raise BadAddress("The part after the @ is not a domain.")
    if len(local.encode()) + 1 + len(ascii_domain) > MOST:
        raise BadAddress("This e-mail address is too long.")
    return f"{local}@{ascii_domain}"


def clean(text: str) -> str:
    """Return `text` as one line: control characters, line ends of every kind and turns of direction become spaces."""
    kept = "".join(" " if mark in _TURNS or unicodedata.category(mark) in _ENDS_A_LINE else mark for mark in text)
    return " ".join(kept.split())


def head_line(text: str) -> str:
    """Return `text` as it may stand in a mail's head: one line, without the beginning of an encoded word (RFC 2047).

    Python's own parser decodes such words in what it is given to write, line ends in them included, and writes those
    lines out: `=?utf-8?q?Ada=0D=0ABcc:_eve@evil.example?=` as a name would add a recipient.
    """
    return clean(text).replace("=?", "= ?")


def mailbox(name: str, address: str) -> Address:
    """Return what stands in From and To. Raises BadAddress."""
    local, _, domain = checked_address(address).rpartition("@")
    return Address(display_name=head_line(name), username=local, domain=domain)
