"""Settings for tests that are about something else: they must not meet the rate limits, nor be too many at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mainstay.web.limits.rates import RATES

PLENTY = "1000000"
# Milliseconds that a request may wait for its turn: a machine that is busy with other tests is no overload.
PATIENT = "30000"


def allowances(program: str, **sizes: int) -> dict[str, str]:
    """Return the variables that give `program` these allowances a minute, by class; plenty of the others.

    What is too much at once waits instead of being refused.
    """
    found = {f"{program}_LIMITS_{rate.name}": str(sizes.get(rate.name, PLENTY)) for rate in RATES}
    found |= {f"{program}_OVERLOAD_{name}": PATIENT for name in ("wait_ms", "standing_wait_ms", "waiting")}
    return {name.upper(): value for name, value in found.items()}


@contextmanager
def raised_limits(*programs: str) -> Iterator[None]:
    """Give `programs` plenty of everything inside the block, also those that are started as processes."""
    with pytest.MonkeyPatch.context() as patch:
        for program in programs:
            for name, size in allowances(program).items():
                patch.setenv(name, size)
        yield
