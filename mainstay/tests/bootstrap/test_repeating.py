"""What is repeated goes on when it fails, more rarely, and is done once more in the end."""

import asyncio
from itertools import pairwise

from mainstay.bootstrap.repeating import Pace, repeated
from mainstay.testing.collector import until


async def test_it_is_done_again_and_again_and_once_more_in_the_end() -> None:
    done = 0

    async def act() -> bool:
        nonlocal done
        done += 1
        return True

    async with repeated(act, "count", Pace(pause=0.01, longest=1, stop=10)):
        await until(lambda: done >= 3)
        seen = done
    assert done > seen
    seen = done
    await asyncio.sleep(0.05)
    assert done == seen, "it has ended"


async def test_the_first_pause_is_waited_for_and_the_end_is_not() -> None:
    done = 0

    async def act() -> bool:
        nonlocal done
        done += 1
        return True

    async with asyncio.timeout(10), repeated(act, "count", Pace(pause=3600, longest=3600, stop=5)):
        await asyncio.sleep(0)
        assert done == 0
    assert done >= 1


async def test_what_fails_is_tried_more_and_more_rarely() -> None:
    times: list[float] = []

    async def act() -> bool:
        times.append(asyncio.get_running_loop().time())
        return False

    async with repeated(act, "fail", Pace(pause=0.02, longest=0.32, stop=1)):
        await until(lambda: len(times) >= 5)
    pauses = [later - earlier for earlier, later in pairwise(times[:5])]
    assert [pause >= 0.04 * 2**at - 0.001 for at, pause in enumerate(pauses)] == [True] * 4


async def test_the_end_waits_for_one_that_hangs_no_longer_than_it_should() -> None:
    begun = ended = False

    async def act() -> bool:
        nonlocal begun, ended
        begun = True
        await asyncio.Event().wait()
        ended = True
        return True

    async with asyncio.timeout(30), repeated(act, "hang", Pace(pause=0.0, longest=1, stop=0.05)):
        await until(lambda: begun)
    assert not ended
