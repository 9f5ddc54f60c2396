"""What runs beside the requests begins in order and ends in the opposite one, whatever happens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mainstay.bootstrap.together import together


async def test_parts_begin_in_order_and_end_in_the_opposite_one() -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def part(name: str, *, is_broken: bool = False) -> AsyncIterator[None]:
        if is_broken:
            raise RuntimeError(name)
        seen.append(f"{name} begins")
        try:
            yield
        finally:
            seen.append(f"{name} ends")

    async with together(part("a"), part("b")):
        seen.append("inside")
    assert seen == ["a begins", "b begins", "inside", "b ends", "a ends"]

    seen.clear()
    with pytest.raises(RuntimeError, match="c"):
        async with together(part("a"), part("c", is_broken=True)):
            seen.append("inside")
    assert seen == ["a begins", "a ends"]
