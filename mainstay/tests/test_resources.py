"""What a process keeps open is opened once, when it is needed, and closed in the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mainstay.resources import Resource, Resources
from mainstay.settings import Configuration, CoreSettings


class Oven:
    """Something that takes long to heat."""

    def __init__(self, port: int) -> None:
        self.port = port


class Kitchen:
    """Declares an oven and counts what happens to it."""

    def __init__(self, *, failures: int = 0) -> None:
        self.story: list[str] = []
        self._failures = failures

    @asynccontextmanager
    async def heat(self, configuration: Configuration) -> AsyncIterator[Oven]:
        """Open an oven, after as many failures as were asked for."""
        await asyncio.sleep(0)
        if self._failures:
            self._failures -= 1
            raise OSError("no gas")
        self.story.append("opened")
        yield Oven(configuration.of(CoreSettings).port)
        self.story.append("closed")

    def resources(self) -> Resources:
        """Return the resources of a process with this kitchen."""
        return Resources((Resource(Oven, self.heat),), Configuration((CoreSettings(port=17),)))


async def test_a_resource_is_opened_by_the_settings_when_it_is_first_asked_for() -> None:
    kitchen = Kitchen()
    resources = kitchen.resources()
    assert kitchen.story == []

    assert (await resources.of(Oven)).port == 17

    assert kitchen.story == ["opened"]
    await resources.close()


async def test_many_who_ask_at_once_get_the_same_one() -> None:
    kitchen = Kitchen()
    resources = kitchen.resources()

    ovens = await asyncio.gather(*(resources.of(Oven) for _ in range(5)))

    assert len({id(oven) for oven in ovens}) == 1
    assert kitchen.story == ["opened"]
    await resources.close()


async def test_closing_closes_what_is_open_and_only_once() -> None:
    kitchen = Kitchen()
    resources = kitchen.resources()
    await resources.close()
    await resources.of(Oven)

    await resources.close()
    await resources.close()

    assert kitchen.story == ["opened", "closed"]


class Cake:
    """Something that needs an oven."""

    def __init__(self, oven: Oven) -> None:
        self.oven = oven


async def test_what_one_needs_is_opened_before_it_given_to_it_and_closed_after_it() -> None:
    kitchen = Kitchen()

    @asynccontextmanager
    async def bake(_configuration: Configuration, oven: Oven) -> AsyncIterator[Cake]:
        kitchen.story.append("baked")
        yield Cake(oven)
        kitchen.story.append("eaten")

    declared = Resource(Cake, bake, (Oven,)), Resource(Oven, kitchen.heat)
    resources = Resources(declared, Configuration((CoreSettings(port=17),)))
    assert (await resources.of(Cake)).oven is await resources.of(Oven)
    await resources.close()
    assert kitchen.story == ["opened", "baked", "eaten", "closed"]


async def test_one_that_fails_to_open_may_be_asked_for_again() -> None:
    kitchen = Kitchen(failures=1)
    resources = kitchen.resources()
    with pytest.raises(OSError, match="no gas"):
        await resources.of(Oven)

    assert (await resources.of(Oven)).port == 17
    await resources.close()


async def test_what_no_module_declares_is_not_found() -> None:
    with pytest.raises(LookupError):
        await Resources().of(Oven)
