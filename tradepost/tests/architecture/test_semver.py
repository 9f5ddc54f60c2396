"""Versions stand in the order that Semantic Versioning gives them."""

import pytest

from tools.semver import SemVer

# The examples of paragraph 11 of the specification, the smallest first.
IN_ORDER = [
    "0.9.9",
    "1.0.0-1",
    "1.0.0-2",
    "1.0.0-10",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.10",
    "1.2.0-0",
    "1.2.0",
    "1.10.0",
    "2.0.0",
]


def test_versions_are_sorted_by_number_and_pre_releases_come_before_their_release() -> None:
    mixed = IN_ORDER[::2] + IN_ORDER[1::2]
    assert sorted(mixed, key=SemVer.read) == IN_ORDER


@pytest.mark.parametrize(("one", "other"), [("1.0.0+a", "1.0.0+b"), ("1.2", "1.2.0"), ("3", "v3.0.0")])
def test_builds_and_missing_numbers_make_no_difference(one: str, other: str) -> None:
    assert SemVer.read(one) == SemVer.read(other)


@pytest.mark.parametrize("text", ["", "latest", "1.x", "1.2.3.4", "1.0.0-", "^1.0.0", "١.0.0"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a semantic version"):
        SemVer.read(text)
