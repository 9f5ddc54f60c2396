"""Tests that are about something else have plenty of everything."""

import os

from mainstay.testing.limits import allowances, patient, raised_limits
from mainstay.web.limits.rates import RATES
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.overload.settings import OverloadSettings


def test_each_class_has_a_variable_of_the_program() -> None:
    found = allowances("kiosk", api=7)

    assert found["KIOSK_LIMITS_API"] == "7"
    limits = {name: size for name, size in found.items() if name.startswith("KIOSK_LIMITS_")}
    assert len(limits) == len(RATES)
    assert {size for name, size in limits.items() if name != "KIOSK_LIMITS_API"} == {"1000000"}


def test_inside_the_block_programs_have_plenty_and_afterwards_not() -> None:
    with raised_limits("kiosk", "stall"):
        settings = LimitSettings.load("kiosk"), LimitSettings.load("stall")
        overload = OverloadSettings.load("stall")

    assert {each.size_of(rate) for each in settings for rate in RATES} == {1_000_000}
    assert (overload.wait_ms, overload.standing_wait_ms) == (30_000, 30_000)
    assert not any(name.startswith(("KIOSK_", "STALL_")) for name in os.environ)


def test_who_is_patient_has_the_limits_that_are_shipped() -> None:
    with patient("kiosk"):
        limits, overload = LimitSettings.load("kiosk"), OverloadSettings.load("kiosk")

    assert limits == LimitSettings()
    assert (overload.wait_ms, overload.standing_wait_ms, overload.waiting) == (30_000, 30_000, 30_000)
