"""Recovery codes: ten that work once each, for whoever lost the phone."""

import asyncio
from uuid import UUID

from mainstay import crypto, ids
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import FactorMissing, WrongFactor
from mainstay.modules.identity.events import RecoveryCodesMade, RecoveryCodeUsed
from mainstay.modules.identity.repository import factors, people
from mainstay.modules.identity.repository import recovery as repository
from mainstay.modules.identity.service import tries
from mainstay.modules.identity.service.passwords import hasher
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import UnitOfWork

# Crockford's: without the letters that are taken for others.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LOOKALIKES = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})
COUNT = 10
SECRET_LENGTH = 9


def normal(code: str) -> str:
    """Return a code as it was made, however somebody copied it: without marks, case and letters that look alike."""
    return code.casefold().translate(LOOKALIKES)


async def make(uow: UnitOfWork, person_id: UUID) -> list[str]:
    """Make ten codes and return them, for the only time; those from before are worth nothing. Raises FactorMissing.

    The first character of a code is no secret: it tells which of the ten it is, so that one slow hash is computed to
    check it and not ten (ASVS 5.0, 6.5.2: codes of less than 112 bits are stored like passwords).
    """
    have = await factors.overview(uow, person_id)
    if not (have["has_totp"] or have["has_any_passkey"]):
        raise FactorMissing("Recovery codes stand in for a lost factor; set one up first.")
    codes = [f"{number}{crypto.new_text(ALPHABET, SECRET_LENGTH)}" for number in range(COUNT)]
    await uow.release()
    hashes = await asyncio.gather(*(hasher(uow.setup.settings.of(IdentitySettings)).hash(code) for code in codes))
    await people.hold_person(uow, person_id)
    rows = [(ids.new_id(), code[0], hashed) for code, hashed in zip(codes, hashes, strict=True)]
    await repository.replace(uow, person_id, rows)
    uow.publish(RecoveryCodesMade(person_id=person_id))
    uow.record(Entry("identity.recovery_codes_made", "identity.person", person_id, new={"count": COUNT}))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


async def use(uow: UnitOfWork, person_id: UUID, code: str) -> None:
    """Prove a factor by a code, which is used up. Raises WrongFactor and TooManyFactorTries."""
    attempt = await tries.count(uow, person_id)
    written = normal(code)
    row = await repository.unused(uow, person_id, written[:1])
    # The connection would be idle while the hash is computed.
    await uow.release()
    is_right, _ = await hasher(uow.setup.settings.of(IdentitySettings)).verify(
        written, None if row is None else row["code_hash"]
    )
    if row is None or not is_right or not await repository.use(uow, row["id"]):
        raise WrongFactor("This code is wrong or was used before.")
    await factors.forget_try(uow, attempt)
    uow.publish(RecoveryCodeUsed(person_id=person_id))
