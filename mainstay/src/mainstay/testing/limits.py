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
    found = {f"{program}_LIMITS_{rate.name}".upper(): str(sizes.get(rate.name, PLENTY)) for rate in RATES}
    return found | _patience(program)


def _patience(program: str) -> dict[str, str]:
    return {f"{program}_OVERLOAD_{name}".upper(): PATIENT for name in ("wait_ms", "standing_wait_ms", "waiting")}


@contextmanager
def raised_limits(*programs: str) -> Iterator[None]:
    """Give `programs` plenty of everything inside the block, also those that are started as processes."""
    with _variables({name: size for program in programs for name, size in allowances(program).items()}):
        yield


@contextmanager
def patient(program: str) -> Iterator[None]:
    """Have what is too much at once wait inside the block; the limits are those that are shipped."""
    with _variables(_patience(program)):
        yield


@contextmanager
def _variables(variables: dict[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield
