"""What a process keeps: within its bytes, which are counted; what Valkey does alike is in test_stores."""

from mainstay.cache.memory import Memory


class Watch:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_an_answer_is_found_under_its_version_until_its_time_is_over() -> None:
    watch = Watch()
    memory = Memory(100_000, watch)
    memory.put("key", "one", b"answer", 10)

    assert memory.get("key", "one") == b"answer"
    assert memory.get("other", "one") is None
    watch.now += 10
    assert memory.get("key", "one") is None
    assert memory.used == 0


def test_an_answer_of_another_version_is_not_found_and_makes_room() -> None:
    memory = Memory(100_000)
    memory.put("key", "one", b"answer", 10)

    assert memory.get("key", "two") is None
    assert memory.used == 0


def test_what_nobody_asked_for_longest_goes_first() -> None:
    memory = Memory(4 * 1303)  # room for four answers of 1,000 bytes with a key of three
    for key in ("k-1", "k-2", "k-3", "k-4"):
        memory.put(key, "v", bytes(1000), 10)
    memory.get("k-1", "v")
    memory.put("k-5", "v", bytes(1000), 10)

    assert [key for key in ("k-1", "k-2", "k-3", "k-4", "k-5") if memory.get(key, "v")] == ["k-1", "k-3", "k-4", "k-5"]
    assert memory.used == 4 * 1303


def test_what_is_too_large_is_not_kept_and_what_stood_there_goes() -> None:
    memory = Memory(10_000)
    memory.put("key", "one", b"small", 10)
    memory.put("key", "one", bytes(3000), 10)

    assert memory.get("key", "one") is None
    assert memory.used == 0


def test_an_answer_that_is_kept_anew_is_counted_once() -> None:
    memory = Memory(100_000)
    memory.put("key", "one", b"answer", 10)
    used = memory.used
    memory.put("key", "two", b"answer", 10)

    assert (memory.get("key", "two"), memory.used) == (b"answer", used)
