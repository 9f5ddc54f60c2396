"""What a thread is busy with is found, and for which place; what waits is left out."""

import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from mainstay.observe.profiler import NOWHERE, Function, Profile, profile


def spin(stopping: threading.Event) -> None:
    while not stopping.is_set():
        sum(range(500))


def work_for(place: str, stopping: threading.Event) -> None:
    assert place
    spin(stopping)


def place_of(frame: FrameType) -> str | None:
    return str(frame.f_locals["place"]) if frame.f_code is work_for.__code__ else None


@pytest.fixture
def busy() -> Iterator[None]:
    """One thread works for a route, another for nobody, and a third waits."""
    stopping = threading.Event()
    threads = [
        threading.Thread(target=work_for, args=("GET /slow", stopping)),
        threading.Thread(target=spin, args=(stopping,)),
        threading.Thread(target=stopping.wait, name="idle"),
    ]
    for thread in threads:
        thread.start()
    yield
    stopping.set()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("busy")
def test_samples_are_named_by_place_and_function_and_idle_threads_are_left_out() -> None:
    made = profile(0.5, place_of)

    spinning = made.functions(1)[0]
    assert spinning[0].name == "spin"
    assert spinning[0].file.endswith("test_profiler.py")
    assert spinning[1] > made.looks
    places = dict(made.places())
    assert places["GET /slow"] > made.looks / 2
    assert places[NOWHERE] >= places["GET /slow"] / 4
    assert made.looks >= 5
    assert 0.5 <= made.seconds < 5
    assert not any(function.name == "Event.wait" and own for function, own, _ in made.functions(100))
    line = next(line for line in made.collapsed().splitlines() if line.startswith("GET /slow;"))
    assert line.index("work_for (") < line.index("spin (")


def test_a_recursive_function_is_counted_once_a_sample() -> None:
    outer, inner = Function("outer", "a.py", 1), Function("in;ner", "a.py", 2)
    made = Profile()
    made.stacks["GET /a", (outer, inner, inner)] += 3
    made.stacks["GET /b", (outer,)] += 1

    assert made.samples == 4
    assert made.places() == [("GET /a", 3), ("GET /b", 1)]
    assert made.functions(5) == [(inner, 3, 3), (outer, 1, 4)]
    assert made.collapsed() == ("GET /a;outer (a.py:1);in:ner (a.py:2);in:ner (a.py:2) 3\nGET /b;outer (a.py:1) 1\n")
