"""Codes of authenticator apps are those of the standard, of the present half minute and its neighbours."""

from datetime import UTC, datetime, timedelta

import pytest

from mainstay import crypto
from mainstay.keyring import Keyring
from mainstay.modules.identity.errors import FactorUnreadable
from mainstay.modules.identity.repository import totp as repository
from mainstay.modules.identity.service import totp
from mainstay.testing.clients import PersonFactory
from mainstay.work import SYSTEM, WorkOpener

# RFC 6238, appendix B, for SHA-1: the last six of its eight digits.
SECRET = b"12345678901234567890"
KEYRING = Keyring(b"k" * 32)
VECTORS = [
    (59, "287082"),
    (1_111_111_109, "081804"),
    (1_111_111_111, "050471"),
    (1_234_567_890, "005924"),
    (2_000_000_000, "279037"),
    (20_000_000_000, "353130"),
]
MOMENT = datetime(2026, 11, 21, 10, 30, 7, tzinfo=UTC)
STEP = int(MOMENT.timestamp()) // 30


@pytest.mark.parametrize(("second", "code"), VECTORS)
def test_codes_are_those_of_the_standard(second: int, code: str) -> None:
    assert totp.code_at(SECRET, second // 30) == code
    assert totp.matching_step(SECRET, code, datetime.fromtimestamp(second, UTC)) == second // 30


@pytest.mark.parametrize(("drift", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_drift_is_allowed_either_way(drift: int, is_taken: bool) -> None:
    code = totp.code_at(SECRET, STEP + drift)

    assert totp.matching_step(SECRET, code, MOMENT) == (STEP + drift if is_taken else None)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert totp.matching_step(SECRET, code, MOMENT) is None


async def test_a_step_is_used_once_and_no_earlier_one_after_it(
    open_work: WorkOpener, make_person: PersonFactory
) -> None:
    person = await make_person("cashier")
    async with open_work(SYSTEM) as uow:
        await totp.begin(uow, person.id, KEYRING, ("Shop", person.email))
        row = await repository.begun(uow, person.id)
        assert row is not None

        used = [await repository.use_step(uow, row["id"], step) for step in (STEP, STEP, STEP - 1, STEP + 1)]

    assert used == [True, False, False, True]


async def test_a_key_sealed_under_another_secret_says_so(open_work: WorkOpener, make_person: PersonFactory) -> None:
    person = await make_person("cashier")
    async with open_work(SYSTEM) as uow:
        await totp.begin(uow, person.id, KEYRING, ("Shop", person.email))

    async with open_work(SYSTEM) as uow:
        with pytest.raises(FactorUnreadable, match="another factor"):
            await totp.confirm(uow, person.id, "123456", Keyring(b"n" * 32))


def test_a_key_is_sealed_for_one_person() -> None:
    sealed = crypto.seal(b"k" * 32, totp.PURPOSE, SECRET, "ada")

    with pytest.raises(crypto.Unreadable):
        crypto.unseal(b"k" * 32, totp.PURPOSE, sealed, "eve")


def test_the_time_step_is_half_a_minute() -> None:
    later = MOMENT + timedelta(seconds=30)

    assert totp.matching_step(SECRET, totp.code_at(SECRET, STEP + 2), later) == STEP + 2
