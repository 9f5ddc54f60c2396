"""Versions in the order of Semantic Versioning 2.0.0, as npm compares them."""

import re
from typing import NamedTuple, Self

VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?", re.ASCII)


class Part(NamedTuple):
    """A part of a pre-release: numbers come first, by value, then words in the order of ASCII (paragraph 11.4)."""

    is_word: bool
    number: int
    word: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a part."""
        return cls(False, int(text), "") if text.isdecimal() else cls(True, 0, text)


class SemVer(NamedTuple):
    """A version, with its fields in the order of precedence: a pre-release comes before its release.

    What follows a plus sign says how it was built and does not count.
    """

    release: tuple[int, ...]
    is_release: bool
    before: tuple[Part, ...]

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a version; missing numbers are zeros, as advisories write them. Raise ValueError for anything else."""
        match = VERSION.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a semantic version")
        before = tuple(Part.read(part) for part in match[4].split(".")) if match[4] else ()
        return cls(tuple(int(number or 0) for number in match.groups()[:3]), not before, before)
