"""The table of operations: which one a request is for, found by its path without trying them all."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from mainstay.web.errors import AddressTooLong, MalformedAddress
from mainstay.web.operation import Operation
from mainstay.web.place import NOWHERE, Place, is_opening, put_place

# Characters of path and query: a list of 100 ids takes the half (RFC 9110, 4.1 has every server take 8,000).
MAX_ADDRESS = 16_384


class OperationTable:
    """Operations by the fixed beginning of their path; the longest beginning that fits is asked first."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._fixed: dict[str, list[Operation]] = defaultdict(list)
        self._open: dict[str, list[Operation]] = defaultdict(list)
        for operation in operations:
            beginning, brace, _ = operation.path_format.partition("{")
            if brace:
                self._open[beginning[: beginning.rindex("/") + 1]].append(operation)
            else:
                self._fixed[beginning].append(operation)

    def locate(self, scope: Scope) -> None:
        """Find the operation of a request for everybody who asks."""
        put_place(scope, self.find(scope["method"], scope["path"]))

    def find(self, method: str, path: str) -> Place:
        """Return the operation for a request, or the methods that its path has."""
        allowed: set[str] = set()
        told: str | None = None
        for operation in self._fixed.get(path, ()):
            if method in operation.answers:
                return Place(operation)
            allowed |= operation.answers
        end = path.rfind("/")
        while end >= 0:
            for operation in self._open.get(path[: end + 1], ()):
                found = operation.path_regex.match(path)
                if found is None:
                    continue
                values = found.groupdict()
                told = operation.path_format if is_opening(values) else told
                if method in operation.answers:
                    return Place(operation, _converted(operation, values), told=told)
                allowed |= operation.answers
            end = path.rfind("/", 0, end)
        return Place(allowed=frozenset(allowed), told=told) if allowed else NOWHERE


def _converted(operation: Operation, texts: dict[str, str]) -> dict[str, Any]:
    return {name: operation.param_convertors[name].convert(text) for name, text in texts.items()}


class AddressCheck:
    """Refuses addresses that are too long, or that hold what no text may hold."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises AddressTooLong, and MalformedAddress when it contains the NUL character."""
        path: str = scope["path"]
        if len(path) + len(scope["query_string"]) > MAX_ADDRESS:
            raise AddressTooLong(f"Path and query have at most {MAX_ADDRESS:,} characters together.")
        if "\x00" in path or b"%00" in scope["query_string"]:
            raise MalformedAddress("The address contains the NUL character.")
        await self._app(scope, receive, send)
