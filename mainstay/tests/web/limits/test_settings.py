"""The sizes of the allowances: those that are documented, and those that somebody sets."""

import pytest

from mainstay.errors import ConfigurationError
from mainstay.web.limits.rates import RATES
from mainstay.web.limits.settings import LimitSettings


@pytest.mark.practice(12)
def test_what_holds_where_nothing_is_set() -> None:
    sizes = {rate.name: LimitSettings.defaults().size_of(rate) for rate in RATES}

    assert sizes == {"sign_in": 5, "sign_in_address": 60, "upload": 10, "api": 100, "read": 1200, "busy": 1200}


def test_each_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for number, rate in enumerate(RATES, start=7):
        monkeypatch.setenv(f"KIOSK_LIMITS_{rate.name.upper()}", str(number))

    settings = LimitSettings.load("kiosk")

    assert [settings.size_of(rate) for rate in RATES] == [7, 8, 9, 10, 11, 12]


def test_none_can_be_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_LIMITS_API", "0")

    with pytest.raises(ConfigurationError, match="KIOSK_LIMITS_API"):
        LimitSettings.load("kiosk")


def test_the_environment_does_not_change_what_is_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API", "1")

    assert LimitSettings.defaults().api == 100
