"""What is kept of a failure tells where it was and nothing that anybody typed."""

import pytest

from mainstay.worker.record import DEEPEST, kind_of, stack_of


class Inner:
    """Holds an exception, as some modules do."""

    class Trouble(Exception):
        """Trouble."""


def fall(depth: int) -> None:
    """Fail after `depth` calls."""
    if depth == 0:
        raise Inner.Trouble("a private text")
    fall(depth - 1)


def test_a_failure_is_called_by_its_full_name() -> None:
    assert kind_of(ValueError()) == "ValueError"
    assert kind_of(Inner.Trouble()) == f"{__name__}.Inner.Trouble"


@pytest.mark.parametrize("depth", [0, 50])
def test_the_stack_tells_the_innermost_places(depth: int) -> None:
    with pytest.raises(Inner.Trouble) as caught:
        fall(depth)

    places = stack_of(caught.value).splitlines()

    assert len(places) == min(depth + 2, DEEPEST)
    assert places[-1].startswith("test_record.py:")
    assert places[-1].endswith(" fall")
    assert "private" not in str(places)
