"""Every statement about guesses, at a sign-in or elsewhere. Moments are the database's: no jump resets a count."""

from dataclasses import dataclass
from datetime import timedelta

from mainstay.work import UnitOfWork

BEGIN_ATTEMPT = "SELECT attempt_id, retry_after FROM identity_begin_attempt($1, $2, $3, $4, $5, $6, $7, $8)"


@dataclass(frozen=True, slots=True)
class Guess:
    """What is tried: on which account, from which address, and by which device if the account knows it."""

    account: bytes
    address: str
    device: bytes | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many wrong tries are allowed.

    `rules` are numbers in sliding windows, for an account and for each device that it knows. All that no account knows
    have `per_address` and `overall` as well, in the window `source_window`.
    """

    rules: tuple[tuple[timedelta, int], ...]
    source_window: timedelta = timedelta(minutes=1)
    per_address: int = 30
    overall: int = 300


async def begin_attempt(uow: UnitOfWork, guess: Guess, allowance: Allowance) -> tuple[int | None, int]:
    """Count a try, whatever becomes of it; return its id, or None and the seconds to wait."""
    row = await uow.write_apart(
        BEGIN_ATTEMPT,
        guess.account,
        guess.device,
        guess.address,
        [span for span, _ in allowance.rules],
        [most for _, most in allowance.rules],
        allowance.source_window,
        allowance.per_address,
        allowance.overall,
    )
    return (None, 1) if row is None else (row["attempt_id"], row["retry_after"] or 0)


async def forget_attempt(uow: UnitOfWork, attempt_id: int) -> None:
    """Take a try that was right out of the count."""
    await uow.write("DELETE FROM identity_attempt WHERE id = $1", attempt_id)
