"""Every statement about sign-ins that are tried. Moments are the database's: no clock of a process resets a count."""

from dataclasses import dataclass
from datetime import timedelta

from mainstay.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """How many wrong sign-ins within the `window` an account and an address may have."""

    window: timedelta
    per_account: int
    per_address: int


async def begin_attempt(uow: UnitOfWork, account: bytes, address: str, limits: AttemptLimits) -> tuple[int | None, int]:
    """Count a sign-in, whatever becomes of it; return its id, or None and the seconds to wait."""
    row = await uow.write_apart(
        "SELECT attempt_id, retry_after FROM identity_begin_attempt($1, $2, $3, $4, $5)",
        account,
        address,
        limits.window,
        limits.per_account,
        limits.per_address,
    )
    return (None, 1) if row is None else (row["attempt_id"], row["retry_after"] or 0)


async def forget_attempt(uow: UnitOfWork, attempt_id: int) -> None:
    """Take a sign-in that was right out of the count."""
    await uow.write("DELETE FROM identity_attempt WHERE id = $1", attempt_id)
