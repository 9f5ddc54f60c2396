"""Cases: which requests a run consists of, and how each is made, always the same from its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Self
from urllib.parse import quote

from mainstay.testing.fuzz import places, vectors
from mainstay.testing.fuzz.bodies import JSON_TYPE, encoded, replaced, strange_body, strange_file
from mainstay.testing.fuzz.places import JSON_MEDIA, Place, Target, targets
from mainstay.testing.fuzz.values import Values

# So often does a second place of a request get a strange value as well.
SECOND = 0.25
# The first caller, who may do most, makes most of the calls.
FIRST_CALLER = 0.7
_HEADERS = (
    "accept", "accept-encoding", "accept-language", "authorization", "content-language", "forwarded", "if-match",
    "if-none-match", "if-modified-since", "if-range", "idempotency-key", "prefer", "range", "referer", "user-agent",
    "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-http-method-override", "x-original-url",
    "x-real-ip", "x-request-id", "x-rewrite-url", "traceparent", "content-encoding",
)  # fmt: skip
Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """One request of a run; from the same API description it is always made the same."""

    operation: str
    number: int
    seed: int

    def __str__(self) -> str:
        return f"{self.operation}:{self.number}@{self.seed}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the case that a report calls `text`; raises ValueError when none can be called so."""
        name, _, seed = text.rpartition("@")
        operation, _, number = name.rpartition(":")
        return cls(operation, int(number), int(seed))


@dataclass(slots=True)
class Request:
    """A request on its way: what is strange about it is named in `places`."""

    method: str
    target: str
    query: list[tuple[str, str | vectors.Raw]] = field(default_factory=list)
    path: dict[str, str | vectors.Raw] = field(default_factory=dict)
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    caller: str = ""
    places: list[str] = field(default_factory=list)

    @property
    def raw_path(self) -> bytes:
        """The path as it stands in the request line."""
        path = self.target.encode()
        for name, value in self.path.items():
            path = path.replace(f"{{{name}}}".encode(), _escaped(value))
        return path

    @property
    def raw_query(self) -> bytes:
        """The query as it stands in the request line, without the question mark."""
        return b"&".join(_escaped(name) + b"=" + _escaped(value) for name, value in self.query)


class CaseMaker:
    """Plans and makes the cases for an API description, for callers who send the given headers; the first may most."""

    def __init__(self, description: Mapping[str, Any], callers: Mapping[str, Headers]) -> None:
        self.targets = targets(description)
        self._callers = dict(callers)
        self._values = Values(description)

    def plan(self, total: int, seed: int) -> list[Case]:
        """Return at least `total` cases: every place of every operation gets the same number, but for one."""
        places_in_all = sum(len(target.places) for target in self.targets.values())
        each = max(1.0, total / max(1, places_in_all))
        return [
            Case(name, number, seed)
            for name, target in sorted(self.targets.items())
            for number in range(-int(-each * len(target.places) // 1))
        ]

    def make(self, case: Case) -> Request:
        """Return the request of a case; raises KeyError when the description has no such operation."""
        target = self.targets[case.operation]
        chance = Random(str(case))  # noqa: S311  a case must be made the same again
        request = self.plain(target, self._caller(case, chance))
        chosen = [target.places[case.number % len(target.places)]]
        if case.number >= len(target.places) and chance.random() < SECOND:
            chosen.append(chance.choice(target.places))
        for place in chosen:
            self._put(request, target, place, chance)
        request.places = [str(place) for place in chosen]
        return request

    def plain(self, target: Target, caller: str) -> Request:
        """Return the request that the examples of an operation make."""
        request = Request(target.method, target.path, caller=caller, headers=list(self._callers[caller]))
        for parameter in (each for each in target.described.get("parameters", ()) if "example" in each):
            value = str(parameter["example"])
            if parameter["in"] == places.PATH:
                request.path[parameter["name"]] = value
            elif parameter["in"] == places.QUERY:
                request.query.append((parameter["name"], value))
        if target.media == JSON_MEDIA:
            _set_body(request, JSON_TYPE, encoded(target.body_example))
        elif target.media is not None:
            _set_body(request, target.media.encode(), b"Name,Price\nTonic water,2.49\n")
        return request

    def _caller(self, case: Case, chance: Random) -> str:
        names = list(self._callers)
        is_first = case.number == 0 or chance.random() < FIRST_CALLER
        return names[0] if is_first else chance.choice(names)

    def _put(self, request: Request, target: Target, place: Place, chance: Random) -> None:
        match place.kind:
            case places.PATH:
                request.path[str(place.where[0])] = self._values.pick_text(place.schema, chance)
            case places.QUERY:
                self._put_query(request, place, chance)
            case places.HEADER:
                name = str(place.where[0]) if place.where else chance.choice(_HEADERS)
                value = self._values.pick_text(place.schema, chance)
                request.headers.append((name.lower().encode(), _header_value(value)))
            case places.COOKIE:
                _put_cookie(request, self._values.pick_text(place.schema, chance), chance)
            case places.FIELD:
                content = replaced(target.body_example, place.where, self._values.pick(place.schema, chance))
                _set_body(request, JSON_TYPE, encoded(content))
            case places.BODY:
                is_json = target.media in {None, JSON_MEDIA}
                kind, body = (
                    strange_body(target.body_example, chance) if is_json else strange_file(str(target.media), chance)
                )
                _set_body(request, kind, body)

    def _put_query(self, request: Request, place: Place, chance: Random) -> None:
        if place.where:
            name = str(place.where[0])
            request.query = [pair for pair in request.query if pair[0] != name]
            request.query += [(name, self._values.pick_text(place.schema, chance))] * chance.choice((1, 1, 1, 2, 50))
        else:
            name = chance.choice((vectors.MARK, "__proto__", "limit[]", "sort", "", "a" * 3_000, "q;x"))
            request.query.append((name, self._values.pick_text({}, chance)))


def shares(cases: Sequence[Case], number: int) -> list[list[Case]]:
    """Deal the cases out into `number` shares of about the same work: each has cases of every kind of operation."""
    return [list(cases[first::number]) for first in range(number)]


def _set_body(request: Request, kind: bytes, body: bytes) -> None:
    request.headers = [pair for pair in request.headers if pair[0] not in {b"content-type", b"content-length"}]
    if kind:
        request.headers.append((b"content-type", kind))
    request.headers.append((b"content-length", str(len(body)).encode()))
    request.body = body


def _put_cookie(request: Request, value: str | vectors.Raw, chance: Random) -> None:
    """Add a cookie, or write into the one that the caller has: in front, behind, or in its place."""
    text = _header_value(value)
    own = next((given for name, given in request.headers if name == b"cookie"), b"")
    name = own.partition(b"=")[0] or b"session"
    made = chance.choice((text, name + b"=" + text, own + b"; " + text, text + b"; " + own, own + b"; " + own))
    request.headers = [pair for pair in request.headers if pair[0] != b"cookie"]
    request.headers.append((b"cookie", made))


def _escaped(value: str | vectors.Raw) -> bytes:
    if isinstance(value, vectors.Raw):
        return value.content
    return quote(value, safe="").encode()


def _header_value(value: str | vectors.Raw) -> bytes:
    """Return a value as a server lets it through: without line ends and NUL, which it refuses itself."""
    content = value.content if isinstance(value, vectors.Raw) else value.encode("utf-8", "replace")
    return content.translate(None, b"\r\n\x00")[:8_000].strip()
