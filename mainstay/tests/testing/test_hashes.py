"""Hashes in tests cost as little as the settings allow."""

import pytest
from pydantic import ValidationError

from mainstay.modules.identity.settings import IdentitySettings
from mainstay.testing.hashes import cheap_hashes


def test_each_program_gets_the_cheapest_that_its_settings_take(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in cheap_hashes("kiosk", "stall").items():
        monkeypatch.setenv(name, value)

    for settings in (IdentitySettings.load("kiosk"), IdentitySettings.load("stall")):
        assert (settings.hash_memory_kib, settings.hash_passes) == (19_456, 1)
    for field in ("hash_memory_kib", "hash_passes"):
        with pytest.raises(ValidationError):
            IdentitySettings(**{field: getattr(settings, field) - 1})


def test_a_program_that_is_not_named_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in cheap_hashes("kiosk").items():
        monkeypatch.setenv(name, value)

    assert IdentitySettings.load("stall") == IdentitySettings()
