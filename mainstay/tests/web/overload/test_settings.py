"""The bounds that are documented, and those that somebody sets."""

import pytest

from mainstay.errors import ConfigurationError
from mainstay.web.overload.settings import OverloadSettings


def test_a_process_refuses_within_half_a_second_unless_it_is_told_otherwise() -> None:
    shipped = OverloadSettings.model_construct()

    assert (shipped.at_once, shipped.waiting) == (None, 256)
    assert shipped.standing_wait_ms < shipped.wait_ms <= 250


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIOSK_OVERLOAD_AT_ONCE", "3")
    monkeypatch.setenv("KIOSK_OVERLOAD_WAIT_MS", "100")

    stated = OverloadSettings.load("kiosk")

    assert (stated.at_once, stated.wait_ms) == (3, 100)


@pytest.mark.parametrize(("name", "value"), [("AT_ONCE", "0"), ("WAIT_MS", "0"), ("WAITING", "-1")])
def test_a_gate_that_lets_nobody_in_is_none(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"KIOSK_OVERLOAD_{name}", value)

    with pytest.raises(ConfigurationError):
        OverloadSettings.load("kiosk")
