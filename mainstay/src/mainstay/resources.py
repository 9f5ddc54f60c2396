"""Resources: what a process opens once, when first asked for, and closes when it stops, such as a pool of processes."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mainstay.settings import Configuration

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Resource(Generic[Kind]):
    """What a module keeps open for the life of a process: its class, and how one is opened by the settings.

    What it `needs` are other resources: opened before it, given to `open` after the settings, and closed later.
    """

    kind: type[Kind]
    open: Callable[..., AbstractAsyncContextManager[Kind]]
    needs: tuple[type[Any], ...] = ()


class Resources:
    """The resources of one process, each opened at the first call for it and closed in the end."""

    def __init__(self, declared: Iterable[Resource[Any]] = (), configuration: Configuration | None = None) -> None:
        self._declared = {one.kind: one for one in declared}
        self._configuration = configuration or Configuration()
        self._stack = AsyncExitStack()
        self._present: dict[type[Any], Any] = {}
        self._opening = asyncio.Lock()

    async def of(self, kind: type[Kind]) -> Kind:
        """Return the resource of class `kind`, opened if it is not yet; one that fails to open may be asked for again.

        Raises LookupError when no module of the program declares it.
        """
        async with self._opening:
            found = await self._opened(kind)
        assert isinstance(found, kind)  # noqa: S101  the dictionary is keyed by type
        return found

    async def _opened(self, kind: type[Any]) -> object:
        if kind not in self._present:
            declared = self._declared[kind]
            needed = [await self._opened(each) for each in declared.needs]
            opened = declared.open(self._configuration, *needed)
            self._present[kind] = await self._stack.enter_async_context(opened)
        return self._present[kind]

    async def close(self) -> None:
        """Close what is open, the last first; what is asked for afterwards is opened anew."""
        async with self._opening:
            self._present.clear()
            await self._stack.aclose()
