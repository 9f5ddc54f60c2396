"""Escaped values of vCard: texts, lists and structures, in one syntax for all versions (RFC 2426, RFC 6350)."""

import re
from functools import lru_cache

_ESCAPE = re.compile(r"\\([\\,;:nN])")
_SIGNS = re.compile(r"[\\,;\n]")
_OLD = re.compile(r"\\[\\,;:]|[\\,\n]")


def escape(text: str) -> str:
    """Return text as it stands in a value, its line feeds as a backslash and an n."""
    return _SIGNS.sub(lambda sign: "\\n" if sign[0] == "\n" else f"\\{sign[0]}", text)


def unescape(value: str) -> str:
    """Return the text of a value; a backslash before any other letter stays, as in a Windows path."""
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def escape_uri(uri: str) -> str:
    """Return a URI as a value: commas and semicolons stand for themselves."""
    return uri.replace("\\", "\\\\")


def split(value: str, separator: str) -> list[str]:
    """Return the parts of a value, still escaped, at each separator that is not."""
    parts, start = [], 0
    for found in _separators(separator).finditer(value):
        if found[0] == separator:
            parts.append(value[start : found.start()])
            start = found.end()
    return [*parts, value[start:]]


def from_old_value(value: str, *, is_list: bool) -> str:
    """Return a value of version 2.1 in the syntax of the later ones.

    In 2.1 only semicolons are escaped, and line ends come out of quoted-printable. `is_list` says that commas part it.
    """
    value = value.replace("\r\n", "\n").replace("\r", "\n")

    def renewed(found: re.Match[str]) -> str:
        sign = found[0]
        if sign == "\\:":
            return ":"
        if sign == "\n":
            return "\\n"
        if sign == "\\":
            return "\\\\"
        return sign if len(sign) == 2 or is_list else f"\\{sign}"

    return _OLD.sub(renewed, value)


@lru_cache
def _separators(separator: str) -> re.Pattern[str]:
    return re.compile(r"\\.|" + re.escape(separator), re.DOTALL)
