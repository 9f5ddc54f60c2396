"""How often the codes of a second factor may be tried."""

from datetime import timedelta
from uuid import UUID

from mainstay.modules.identity.errors import TooManyFactorTries
from mainstay.modules.identity.repository import factors as repository
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import UnitOfWork


async def count(uow: UnitOfWork, person_id: UUID) -> int:
    """Count a code before it is checked and return the id of the try. Raises TooManyFactorTries.

    Authenticator codes and recovery codes share one count: who guesses does not get twice as many tries.
    """
    settings = uow.setup.settings.of(IdentitySettings)
    limits = (
        (timedelta(minutes=5), settings.factor_tries_5_minutes),
        (timedelta(hours=1), settings.factor_tries_hour),
        (timedelta(days=1), settings.factor_tries_day),
    )
    try_id, seconds = await repository.begin_try(uow, person_id, limits)
    if try_id is None:
        raise TooManyFactorTries(
            f"Too many wrong codes; try again in {seconds} seconds, or use a passkey.",
            headers={"Retry-After": str(seconds)},
        )
    return try_id
