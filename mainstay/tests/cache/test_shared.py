"""What processes keep together, in a real Valkey: what the memory of one does not do; the rest is in test_stores."""

from mainstay.cache.shared import LARGEST, REST, Shared
from mainstay.net.redis import RedisLink


class Watch:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_it_lies_there_for_its_time(link: RedisLink) -> None:
    await Shared(link, "shop:cache:").put("brief", "one", b"answer", 50)

    left = await link.call("PTTL", "shop:cache:brief")
    assert isinstance(left, int)
    assert 40_000 < left <= 50_000


async def test_a_large_answer_is_not_sent(link: RedisLink) -> None:
    shared = Shared(link, "shop:cache:")
    await shared.put("large", "one", bytes(LARGEST + 1), 60)

    assert await link.call("EXISTS", "shop:cache:large") == 0


async def test_after_a_refused_write_it_rests(link: RedisLink) -> None:
    watch = Watch()
    shared = Shared(link, "shop:cache:", watch)
    await shared.put("kept", "one", b"answer", 60)
    await link.call("CONFIG", "SET", "maxmemory", "1")  # full: it refuses every write
    await shared.put("first", "one", b"answer", 60)
    await link.call("CONFIG", "SET", "maxmemory", "0")
    await shared.put("second", "one", b"answer", 60)
    watch.now += REST
    await shared.put("third", "one", b"answer", 60)

    found = [await shared.get(key, "one") for key in ("kept", "first", "second", "third")]
    assert found == [b"answer", None, None, b"answer"]
    assert not link.is_away
