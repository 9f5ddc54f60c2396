"""Passwords as they are stored: hashes are salted, slow, off the loop, and accepted once when bcrypt made them."""

import asyncio
import itertools
import re
import threading
import unicodedata

import bcrypt
import pytest

from mainstay import clock
from mainstay.modules.identity.service.passwords import Hasher, fold, hasher
from mainstay.modules.identity.settings import IdentitySettings

SETTINGS = IdentitySettings()
CHEAP = IdentitySettings(hash_memory_kib=19_456, hash_passes=1)
GOOD = ["three quiet green trains", "вечером тихо идёт снег"]


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


# -- hashes that bcrypt made elsewhere ---------------------------------------------------------------------------------


def imported(password: str, prefix: bytes = b"2b") -> str:
    """What another program stored: bcrypt at its lowest cost, which looks at 72 bytes."""
    return bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt(4, prefix)).decode()


@pytest.mark.parametrize("prefix", [b"2a", b"2b"])
@pytest.mark.parametrize("password", [*GOOD, "größere Züge für älteste " * 5], ids=["latin", "cyrillic", "long"])
async def test_the_right_password_of_an_imported_hash_is_accepted_and_hashed_anew(password: str, prefix: bytes) -> None:
    cheap = Hasher(CHEAP)

    is_right, fresh = await cheap.verify(password, imported(password, prefix))

    assert is_right
    assert fresh is not None
    assert fresh.startswith("$argon2id$")
    assert await cheap.verify(password, fresh) == (True, None)


@pytest.mark.parametrize(
    "stored", [imported("another password"), "$2b$04$nothing", "$2b$99$" + "x" * 53], ids=["other", "short", "cost"]
)
async def test_an_imported_hash_of_something_else_accepts_nothing(stored: str) -> None:
    assert await Hasher(CHEAP).verify(GOOD[0], stored) == (False, None)
