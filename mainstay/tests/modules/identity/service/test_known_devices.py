"""Known devices: a cookie that only this program can make, for the accounts that signed in by it, and for no other."""

from collections.abc import Callable

import pytest

from mainstay.keyring import Keyring
from mainstay.modules.identity.service.known_devices import MOST_ACCOUNTS, digest_of, with_account

KEY, OTHER_KEY = Keyring(b"k" * 32), Keyring(b"o" * 32)
ADA, EVE = "ada@engine.example", "eve@engine.example"


def test_a_device_is_known_to_the_account_that_signed_in_by_it_however_it_is_spelt() -> None:
    cookie = with_account(KEY, None, ADA)

    assert digest_of(KEY, cookie, ADA) is not None
    assert digest_of(KEY, cookie, " ADA@Engine.example") == digest_of(KEY, cookie, ADA)


def test_it_is_not_known_to_anybody_else() -> None:
    assert digest_of(KEY, with_account(KEY, None, ADA), EVE) is None


def test_a_browser_that_several_use_is_known_to_each_under_a_count_of_their_own() -> None:
    cookie = with_account(KEY, with_account(KEY, None, ADA), EVE)

    ada, eve = digest_of(KEY, cookie, ADA), digest_of(KEY, cookie, EVE)
    assert None not in {ada, eve}
    assert ada != eve
    assert ada == digest_of(KEY, with_account(KEY, cookie, ADA), ADA)


def test_two_browsers_of_one_person_have_two_counts() -> None:
    first, second = (digest_of(KEY, with_account(KEY, None, ADA), ADA) for _ in range(2))

    assert first != second


def test_the_cookie_stays_short_and_the_oldest_account_makes_room() -> None:
    cookie = None
    for number in range(MOST_ACCOUNTS + 1):
        cookie = with_account(KEY, cookie, f"{number}@engine.example")

    assert cookie is not None
    assert len(cookie) < 400
    assert digest_of(KEY, cookie, "0@engine.example") is None
    assert digest_of(KEY, cookie, f"{MOST_ACCOUNTS}@engine.example") is not None


@pytest.mark.parametrize(
    "forge",
    [
        lambda _: with_account(OTHER_KEY, None, ADA),
        lambda cookie: f"x{cookie[1:]}",
        lambda cookie: cookie[:-1],
        lambda cookie: cookie.partition(".")[0],
        lambda cookie: cookie + "." + "x" * 5000,
        lambda _: "é" * 66,
        lambda _: "",
        lambda _: None,
    ],
    ids=["other key", "other device", "cut", "no mark", "long", "odd letters", "empty", "none"],
)
def test_what_this_program_did_not_make_is_no_known_device(forge: Callable[[str], str | None]) -> None:
    cookie = with_account(KEY, None, ADA)

    assert digest_of(KEY, forge(cookie), ADA) is None
