"""Passwords: long ones of any kind are accepted, guessable ones refused; hashes are salted, slow and off the loop."""

import asyncio
import itertools
import re
import threading
import unicodedata

import pytest

from mainstay import clock
from mainstay.modules.identity.errors import PasswordRefused
from mainstay.modules.identity.service.passwords import Hasher, check_password, fold, hasher
from mainstay.modules.identity.settings import IdentitySettings

SETTINGS = IdentitySettings()
CHEAP = IdentitySettings(hash_memory_kib=19_456, hash_passes=1)
OWN = ("Ada Lovelace", "ada.byron@engine.example")

GOOD = [
    "three quiet green trains",
    "вечером тихо идёт снег",
    "        spaces        ok!",
    "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🦆",
    "a1b2c3d4e5f6g7h",
    "x" * 120 + "abcdefgh",
]


def is_accepted(password: str, settings: IdentitySettings, *own: str) -> bool:
    try:
        check_password(password, settings, *own)
    except PasswordRefused:
        return False
    return True


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_of_any_characters_is_accepted(password: str) -> None:
    """ASVS 5.0 6.2.5: no kind of character is demanded or forbidden."""
    assert is_accepted(password, SETTINGS, *OWN)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Sh0rt!Sh0rt!aZ", "too_short"),
        ("", "too_short"),
        ("🦊" * 14, "too_short"),
        ("abcdefgh" * 17, "too_long"),
        ("passwordpassword", "too_common"),
        ("  PassWordPassword ", "too_common"),
        ("QWERTYUIOPASDFGHJKL", "too_common"),
        ("correct horse battery staple", "too_common"),
        ("йцукенгшщзхъфыва", "too_common"),
        ("aaaaaaaaaaaaaaaaaaaa", "too_common"),
        ("abababababababab", "too_common"),
        ("121212343412121234", "too_common"),
        ("i am ada lovelace!", "holds_own_words"),
        ("LOVELACE forever and ever", "holds_own_words"),
        ("my engine runs on steam", "holds_own_words"),
        ("byron wrote a long poem", "holds_own_words"),
    ],
)
def test_a_guessable_password_is_refused_with_its_reason(password: str, code: str) -> None:
    with pytest.raises(PasswordRefused) as refusal:
        check_password(password, SETTINGS, *OWN)

    assert [(problem.field, problem.code) for problem in refusal.value.errors] == [("password", code)]
    assert refusal.value.status == 422
    assert not password or password not in refusal.value.detail


def test_length_is_counted_in_characters_up_to_both_limits() -> None:
    mixed = "abcdefgh" * 16
    assert len(mixed) == 128
    assert [is_accepted(mixed[:length], SETTINGS) for length in (14, 15, 128)] == [False, True, True]
    assert not is_accepted(f"{mixed}!", SETTINGS)


def test_short_parts_of_a_name_may_occur() -> None:
    assert is_accepted("ada likes long walks", SETTINGS, "Ada Li", "ada@li.io")


def test_the_least_length_is_a_setting() -> None:
    assert not is_accepted("twelve chars", SETTINGS)
    assert is_accepted("twelve chars", SETTINGS.model_copy(update={"password_min": 12}))


def test_folding_makes_one_form_of_what_people_see_as_the_same() -> None:
    assert fold(" ADA@Shop.Example ") == "ada@shop.example"
    assert fold("ﬁx") == fold("FIX")
    assert fold("Zoe\u0308") == fold("zoë")


# -- hashes ------------------------------------------------------------------------------------------------------------


async def test_a_hash_is_argon2id_with_the_cost_of_the_settings_and_a_salt_of_its_own() -> None:
    first, second = [await Hasher(SETTINGS).hash(GOOD[0]) for _ in range(2)]

    assert re.fullmatch(r"\$argon2id\$v=19\$m=47104,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}", first)
    assert first != second
    assert GOOD[0] not in first


async def test_the_right_password_is_recognised_and_a_wrong_one_is_not() -> None:
    cheap = Hasher(CHEAP)
    stored = await cheap.hash(GOOD[1])

    assert await cheap.verify(GOOD[1], stored) == (True, None)
    assert await cheap.verify(GOOD[0], stored) == (False, None)
    assert await cheap.verify(GOOD[1], "not a hash") == (False, None)


async def test_the_same_letters_typed_on_another_machine_are_the_same_password() -> None:
    cheap = Hasher(CHEAP)
    composed, decomposed = (unicodedata.normalize(form, "größere Züge für älteste") for form in ("NFC", "NFD"))
    assert composed != decomposed

    assert await cheap.verify(decomposed, await cheap.hash(composed)) == (True, None)


async def test_without_a_stored_hash_nothing_is_right() -> None:
    assert await Hasher(CHEAP).verify(GOOD[0], None) == (False, None)


async def test_a_hash_below_the_settings_is_made_anew_when_the_password_is_right() -> None:
    stored = await Hasher(CHEAP).hash(GOOD[0])
    dearer = Hasher(CHEAP.model_copy(update={"hash_passes": 3}))

    is_right, fresh = await dearer.verify(GOOD[0], stored)

    assert is_right
    assert fresh is not None
    assert "t=3" in fresh
    assert await dearer.verify(GOOD[0], fresh) == (True, None)
    assert await dearer.verify(GOOD[1], stored) == (False, None)


async def test_hashing_does_not_hold_up_the_event_loop() -> None:
    dear = Hasher(SETTINGS.model_copy(update={"hash_passes": 8}))
    beats: list[float] = []

    async def beat() -> None:
        while True:
            beats.append(clock.monotonic())
            await asyncio.sleep(0.001)

    heart = asyncio.create_task(beat())
    began = clock.monotonic()
    await dear.hash(GOOD[0])
    took = clock.monotonic() - began
    heart.cancel()
    await asyncio.gather(heart, return_exceptions=True)

    pauses = [after - before for before, after in itertools.pairwise(beats)]
    assert len(pauses) > 10
    assert max(pauses) < took / 2


@pytest.mark.parametrize("limit", [1, 3])
async def test_no_more_hashes_than_the_limit_are_computed_at_once(limit: int) -> None:
    """A hash is computed in a thread of its own for as long as it takes, so the threads are the hashes at once."""
    before = set(threading.enumerate())

    limited = Hasher(CHEAP.model_copy(update={"hash_concurrency": limit}))
    await asyncio.gather(*(limited.hash(GOOD[0]) for _ in range(8)))

    assert len([thread for thread in set(threading.enumerate()) - before if "identity-hash" in thread.name]) == limit


def test_a_process_has_one_hasher_per_settings() -> None:
    assert hasher(SETTINGS) is hasher(IdentitySettings())
    assert hasher(SETTINGS) is not hasher(CHEAP)
