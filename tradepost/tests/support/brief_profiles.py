"""Profiles that are asked for by the way, among all other operations: taken as ever, but not for seconds."""

import pytest

from mainstay.bootstrap import steering
from mainstay.observe.profiler import PlaceOf, Profile, profile

BRIEF = 0.05


def be_brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have this process look at itself for a moment, however long it is asked to."""
    monkeypatch.setattr(steering, "profile", _briefly)


def _briefly(seconds: float, place_of: PlaceOf) -> Profile:
    return profile(min(seconds, BRIEF), place_of)
