"""Identifiers are UUIDv7: right in form, sorted by time, never twice, and replaceable in tests."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from mainstay import clock, ids
from mainstay.testing.frozen import CountingIds, FrozenClock


def test_an_identifier_has_version_7_and_the_variant_of_the_rfc() -> None:
    for _ in range(1000):
        made = ids.new_id()
        assert (made.version, made.variant) == (7, RFC_4122)


@given(milliseconds=st.integers(min_value=1, max_value=250_000_000_000_000))
def test_the_first_48_bits_are_the_milliseconds_since_1970(milliseconds: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)

    with clock.use_clock(FrozenClock(moment)):
        made = ids.UuidV7Source()()

    assert made.int >> 80 == milliseconds


def test_identifiers_of_one_process_are_made_in_ascending_order() -> None:
    source = ids.UuidV7Source()

    made = [source() for _ in range(20_000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_more_identifiers_than_the_counter_holds_within_one_millisecond_still_ascend() -> None:
    source = ids.UuidV7Source()

    with clock.use_clock(FrozenClock()):
        made = [source() for _ in range(10_000)]

    assert made == sorted(set(made))


def test_identifiers_still_ascend_when_the_clock_is_set_back() -> None:
    source, frozen = ids.UuidV7Source(), FrozenClock()

    with clock.use_clock(frozen):
        before = source()
        frozen.move(timedelta(hours=-1))
        after = source()

    assert after > before


def test_threads_never_get_the_same_identifier() -> None:
    source = ids.UuidV7Source()

    with ThreadPoolExecutor(8) as threads:
        batches = list(threads.map(lambda _: [source() for _ in range(2000)], range(8)))

    made = [each for batch in batches for each in batch]
    assert len(set(made)) == 16_000
    assert all(batch == sorted(batch) for batch in batches)


def test_two_sources_do_not_make_the_same_identifier_at_the_same_moment() -> None:
    with clock.use_clock(FrozenClock()):
        assert ids.UuidV7Source()() != ids.UuidV7Source()()


def test_identifiers_can_be_replaced_for_a_while() -> None:
    with ids.use_ids(CountingIds()):
        first, second = ids.new_id(), ids.new_id()

    assert (first, second) == (CountingIds.at(1), CountingIds.at(2))
    assert (first.version, first.variant) == (7, RFC_4122)
    assert ids.new_id() not in {CountingIds.at(3), UUID(int=0)}
