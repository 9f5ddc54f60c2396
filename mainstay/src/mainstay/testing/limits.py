"""Settings for tests that are about something else: they must not meet the rate limits."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mainstay.web.limits.rates import RATES

PLENTY = "1000000"


def allowances(program: str, **sizes: int) -> dict[str, str]:
    """Return the variables that give `program` these allowances a minute, by class; plenty of the others."""
    return {f"{program}_LIMITS_{rate.name}".upper(): str(sizes.get(rate.name, PLENTY)) for rate in RATES}


@contextmanager
def raised_limits(*programs: str) -> Iterator[None]:
    """Give `programs` plenty of everything inside the block, also those that are started as processes."""
    with pytest.MonkeyPatch.context() as patch:
        for program in programs:
            for name, size in allowances(program).items():
                patch.setenv(name, size)
        yield
