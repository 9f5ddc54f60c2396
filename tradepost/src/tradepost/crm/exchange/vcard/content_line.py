"""One property of a card: its group, name, parameters and value (RFC 6350, section 3.3)."""

import re
from dataclasses import dataclass

from tradepost.crm.exchange.normal import plain

Parameter = tuple[str, tuple[str, ...]]
_NAME = re.compile(r"(?:([\w-]+)\.)?([\w-]+)", re.ASCII)
_PART = r'(?:"[^"]*"(?=[;:,]|$)|[^;:,]*)'
_PARAMETER = re.compile(rf"\s*;\s*([\w-]*)(?:\s*=({_PART}(?:,{_PART})*))?", re.ASCII)
_VALUE = re.compile(_PART)
# RFC 6868: signs that no parameter could hold.
_CARET = re.compile(r"\^([n'^])")
_CARET_SIGNS = {"n": "\n", "'": '"', "^": "^"}
_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"}
_VALUES = {"URL", "INLINE", "CONTENT-ID", "CID"}


@dataclass(frozen=True, slots=True)
class ContentLine:
    """A property. The names of parameters are upper case; the value is escaped."""

    name: str
    value: str
    parameters: tuple[Parameter, ...] = ()
    group: str = ""

    @property
    def key(self) -> str:
        """The name for comparison."""
        return self.name.upper()

    def values(self, parameter: str) -> list[str]:
        """Return the values of a parameter, however often it stands."""
        return [value for name, values in self.parameters if name == parameter for value in values]

    def types(self) -> list[str]:
        """Return the types in lower case, those in one quoted list too."""
        return [part.strip().lower() for value in self.values("TYPE") for part in value.split(",") if part.strip()]

    def without(self, *parameters: str) -> tuple[Parameter, ...]:
        """Return the parameters but these."""
        return tuple(parameter for parameter in self.parameters if parameter[0] not in parameters)

    def __str__(self) -> str:
        """Return the line, unfolded and without its end."""
        group = f"{self.group}." if self.group else ""
        parameters = "".join(f";{name}={','.join(map(_quoted, values))}" for name, values in self.parameters)
        return f"{group}{self.name}{parameters}:{self.value}"


def parse_line(text: str, *, is_old: bool = False) -> ContentLine | None:
    """Return the property of an unfolded line, or None when it is none.

    `is_old` is for version 2.1, whose carets are plain signs. A parameter without a name says what it is by its value
    (`TEL;WORK;VOICE`): 2.1 allows it and others write it in later versions too.
    """
    found = _NAME.match(text)
    if found is None:
        return None
    parameters: list[Parameter] = []
    place = found.end()
    while part := _PARAMETER.match(text, place):
        place = part.end()
        if part[1]:
            parameters.append(_parameter(part[1], part[2], is_old=is_old))
    if not text.startswith(":", place):
        return None
    return ContentLine(found[2], text[place + 1 :], tuple(parameters), found[1] or "")


def _parameter(name: str, text: str | None, *, is_old: bool) -> Parameter:
    if text is None:
        kind = name.upper()
        return ("ENCODING" if kind in _ENCODINGS else "VALUE" if kind in _VALUES else "TYPE", (name,))
    values = [part.strip().strip('"') for part in _VALUE.findall(text) if part]
    if not is_old:
        values = [_CARET.sub(lambda sign: _CARET_SIGNS[sign[1]], value) for value in values]
    return name.upper(), tuple(values)


def _quoted(value: str) -> str:
    kept = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return f'"{kept}"' if re.search(r"[;:,]|^\s|\s$", kept) else kept


def clean_line(line: ContentLine) -> ContentLine:
    """Return a property that is safe to keep and to write: composed, on one line, without control characters."""
    parameters = tuple((name, tuple(map(_on_one_line, values))) for name, values in line.parameters)
    return ContentLine(line.name, _on_one_line(line.value), parameters, line.group)


def _on_one_line(text: str) -> str:
    return plain(text).replace("\r", "").replace("\n", " ")
