"""The errors of the web edge: each with a code of its own, a status and words."""

import pytest

from mainstay.errors import DomainError
from mainstay.web import errors

KINDS = [each for each in vars(errors).values() if isinstance(each, type) and each.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", KINDS)
def test_each_error_says_what_it_is(kind: type) -> None:
    assert issubclass(kind, DomainError)
    assert f"({kind.status})" in (kind.__doc__ or "")
    assert kind.title


def test_codes_are_unique() -> None:
    assert len({kind.code for kind in KINDS if issubclass(kind, DomainError)}) == len(KINDS)
