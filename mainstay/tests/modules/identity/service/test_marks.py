"""Marks prove whose something was at a place, and nothing else does."""

from datetime import timedelta

import pytest

from mainstay import ids
from mainstay.keyring import Accepted, Keyring
from mainstay.modules.identity.service import marks
from mainstay.testing.frozen import FrozenClock

SECRET = b"the secret of this server"
KEY = Keyring(SECRET)
PLACE, PERSON = ids.new_id(), ids.new_id()


def test_a_mark_tells_whose_it_is(clock: FrozenClock) -> None:
    mark = marks.make(KEY, PLACE, PERSON)
    clock.move(timedelta(days=13))

    assert marks.read(KEY, PLACE, mark) == PERSON


@pytest.mark.parametrize("forged", ["", "x", "{person}.{moment}", "{other}.{moment}.{mac}", "{person}.1.{mac}"])
def test_a_forged_mark_is_nobodys(clock: FrozenClock, forged: str) -> None:
    person, moment, mac = marks.make(KEY, PLACE, PERSON).split(".")
    text = forged.format(person=person, moment=moment, mac=mac, other=ids.new_id().hex)

    assert marks.read(KEY, PLACE, text) is None


def test_a_mark_of_another_place_another_server_or_long_ago_is_nobodys(clock: FrozenClock) -> None:
    mark = marks.make(KEY, PLACE, PERSON)

    assert marks.read(KEY, ids.new_id(), mark) is None
    assert marks.read(Keyring(b"another server's secret"), PLACE, mark) is None
    clock.move(timedelta(days=15))
    assert marks.read(KEY, PLACE, mark) is None


def test_a_mark_outlives_an_exchange_of_the_secret() -> None:
    mark = marks.make(KEY, PLACE, PERSON)

    assert marks.read(Keyring(b"the next secret", (Accepted(SECRET),)), PLACE, mark) == PERSON
