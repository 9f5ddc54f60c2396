"""The business day: its cut-off, both changes of the clock, and clocks that are never set the same (rule 24)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradepost.shop import api as shop

PARIS = "Europe/Paris"
FOUR = time(4)
ZONES = st.sampled_from(
    [PARIS, "America/Havana", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "America/St_Johns"]
)
CUTOFFS = st.sampled_from([time(0), time(0, 30), time(2, 30), FOUR, time(23, 59)])


def moment(text: str) -> datetime:
    """Return a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_sale_before_the_cut_off_belongs_to_the_day_before() -> None:
    """Rule 24."""
    assert shop.business_day(PARIS, FOUR, moment("2026-11-21T02:59:59.999999")) == date(2026, 11, 20)
    assert shop.business_day(PARIS, FOUR, moment("2026-11-21T03:00:00")) == date(2026, 11, 21)


def test_the_zone_decides_and_not_utc() -> None:
    """Rule 24."""
    evening = moment("2026-11-21T23:30:00")
    assert shop.business_day("Asia/Tokyo", FOUR, evening) == date(2026, 11, 22)
    assert shop.business_day("America/New_York", FOUR, evening) == date(2026, 11, 21)


def test_the_day_on_which_the_clock_is_set_forward_has_23_hours() -> None:
    """Rule 24: 29 March 2026, when 02:00 becomes 03:00."""
    start, end = shop.business_day_range(PARIS, time(0), date(2026, 3, 29))
    assert (start, end) == (moment("2026-03-28T23:00:00"), moment("2026-03-29T22:00:00"))
    assert end - start == timedelta(hours=23)


def test_the_day_on_which_the_clock_is_set_back_has_25_hours() -> None:
    """Rule 24: 25 October 2026, when 03:00 becomes 02:00."""
    start, end = shop.business_day_range(PARIS, time(0), date(2026, 10, 25))
    assert (start, end) == (moment("2026-10-24T22:00:00"), moment("2026-10-25T23:00:00"))
    assert end - start == timedelta(hours=25)


def test_a_cut_off_that_the_clock_jumps_over_is_the_moment_of_the_jump() -> None:
    """Rule 24: 02:30 does not exist on 29 March 2026; the clock goes from 02:00 to 03:00 at 01:00 UTC."""
    start, _ = shop.business_day_range(PARIS, time(2, 30), date(2026, 3, 29))
    assert start == moment("2026-03-29T01:00:00")
    assert shop.business_day(PARIS, time(2, 30), moment("2026-03-29T00:59:59")) == date(2026, 3, 28)
    assert shop.business_day(PARIS, time(2, 30), moment("2026-03-29T01:00:00")) == date(2026, 3, 29)


def test_a_cut_off_that_comes_twice_counts_the_first_time() -> None:
    """Rule 24: 02:30 comes at 00:30 and at 01:30 UTC on 25 October 2026, and no day begins twice."""
    start, _ = shop.business_day_range(PARIS, time(2, 30), date(2026, 10, 25))
    assert start == moment("2026-10-25T00:30:00")
    # The clock shows 02:10 again; by the clock alone this would be the day before once more.
    assert shop.business_day(PARIS, time(2, 30), moment("2026-10-25T01:10:00")) == date(2026, 10, 25)


def test_a_day_that_has_begun_does_not_end_when_the_clock_goes_back_over_midnight() -> None:
    """Rule 24: in Newfoundland the clock went from 00:01 on 7 November 2010 back to 23:01 on the 6th, at 02:31 UTC."""
    midnight = time(0)
    assert shop.business_day("America/St_Johns", midnight, moment("2010-11-07T02:30:30")) == date(2010, 11, 7)
    assert shop.business_day("America/St_Johns", midnight, moment("2010-11-07T03:00:00")) == date(2010, 11, 7)


def test_a_day_that_a_country_left_out_lasts_from_midnight_to_the_cut_off() -> None:
    """Rule 24: Samoa had no 30 December 2011."""
    start, end = shop.business_day_range("Pacific/Apia", FOUR, date(2011, 12, 30))
    assert (start, end) == (moment("2011-12-30T10:00:00"), moment("2011-12-30T14:00:00"))


@given(st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1)), ZONES, CUTOFFS)  # noqa: DTZ001  made aware below
def test_every_moment_lies_in_the_range_of_its_day_and_in_no_other(naive: datetime, zone: str, cutoff: time) -> None:
    """Rule 24: ranges are half-open and leave no gap."""
    instant = naive.replace(tzinfo=UTC)
    day = shop.business_day(zone, cutoff, instant)
    start, end = shop.business_day_range(zone, cutoff, day)
    assert start <= instant < end
    assert shop.business_day_range(zone, cutoff, day + timedelta(days=1))[0] == end
    assert start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) >= datetime.combine(day, cutoff)


@pytest.mark.parametrize("offset", [timedelta(0), timedelta(hours=5, minutes=45)])
def test_the_offset_in_which_a_moment_is_written_makes_no_difference(offset: timedelta) -> None:
    """Rule 24."""
    instant = moment("2026-11-21T02:30:00") + offset - offset
    assert shop.business_day(PARIS, FOUR, instant.astimezone(ZoneInfo("Asia/Kathmandu"))) == date(2026, 11, 20)
