"""Authenticator apps: time-based one-time passwords (RFC 6238) of six digits that change every 30 seconds."""

import base64
import hmac
import io
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID

import segno

from mainstay import clock, crypto, ids
from mainstay.keyring import Keyring
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import CodeWrong, FactorUnreadable, TotpNotBegun, WrongFactor
from mainstay.modules.identity.events import FactorAdded
from mainstay.modules.identity.repository import factors, people
from mainstay.modules.identity.repository import totp as repository
from mainstay.modules.identity.service import endings, tries
from mainstay.sealed import SealedColumn
from mainstay.work import Row, UnitOfWork

PURPOSE = "identity.totp"
SECRET_BYTES = 20
STEP_SECONDS = 30
DIGITS = 6
# Clocks of phones are off by some seconds, and typing takes some more.
DRIFT_STEPS = 1
SEALED = SealedColumn(PURPOSE, "identity_totp", "id", "person_id", "secret_sealed")


@dataclass(frozen=True, slots=True)
class TotpKey:
    """A key to be put into an authenticator app; it is shown once. `picture` is a QR code as SVG."""

    text: str
    uri: str
    picture: str


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a time step (RFC 4226, 5.3, with HMAC-SHA-1 as all apps have it)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(secret: bytes, code: str, moment: datetime) -> int | None:
    """Return the time step whose code `code` is, at most one away from `moment`; all are compared."""
    present = int(moment.timestamp()) // STEP_SECONDS
    steps = range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1)
    matches = [step for step in steps if crypto.is_equal(code_at(secret, step), code)]
    return matches[-1] if matches else None


async def begin(uow: UnitOfWork, person_id: UUID, keyring: Keyring, labels: tuple[str, str]) -> TotpKey:
    """Make a key for an app, which counts once a code of it was given; `labels` are the program's title and the e-mail.

    An app that is in use stays so until the new one is confirmed.
    """
    secret = crypto.new_bytes(SECRET_BYTES)
    await repository.put_begun(uow, ids.new_id(), person_id, keyring.seal(PURPOSE, secret, str(person_id)))
    text = base64.b32encode(secret).decode()
    title, account = labels
    query = urlencode({"secret": text, "issuer": title, "digits": DIGITS, "period": STEP_SECONDS}, quote_via=quote)
    uri = f"otpauth://totp/{quote(f'{title}:{account}', safe=':')}?{query}"
    return TotpKey(text, uri, _picture(uri))


def _picture(uri: str) -> str:
    drawn = io.BytesIO()
    segno.make(uri, error="m", micro=False).save(drawn, kind="svg", scale=4, border=4, light="#fff")
    return drawn.getvalue().decode()


async def confirm(uow: UnitOfWork, person_id: UUID, code: str, keyring: Keyring) -> None:
    """Have the app that is being set up count, by a code of it. Raises TotpNotBegun, CodeWrong, TooManyFactorTries."""
    attempt = await tries.count(uow, person_id)
    row = await repository.begun(uow, person_id)
    if row is None:
        raise TotpNotBegun("Setting up took too long or was never begun; begin anew.")
    step = matching_step(_secret(row, person_id, keyring), code, clock.now())
    if step is None:
        raise CodeWrong.of("code", "This code is wrong; wait for the next one and check the clock of the phone.")
    await people.hold_person(uow, person_id)
    await repository.remove(uow, person_id)
    if not await repository.confirm(uow, row["id"], step):
        raise TotpNotBegun("It was confirmed already.")
    await factors.forget_try(uow, attempt)
    await endings.end_all(uow, person_id, uow.actor.session_id)
    uow.publish(FactorAdded(person_id=person_id, kind="totp"))
    uow.record(Entry("identity.factor_added", "identity.person", person_id, new={"kind": "totp"}))


async def use(uow: UnitOfWork, person_id: UUID, code: str, keyring: Keyring) -> None:
    """Prove a factor by a code of the app, which is used up. Raises WrongFactor and TooManyFactorTries."""
    attempt = await tries.count(uow, person_id)
    row = await repository.counting(uow, person_id)
    step = None if row is None else matching_step(_secret(row, person_id, keyring), code, clock.now())
    if row is None or step is None or not await repository.use_step(uow, row["id"], step):
        raise WrongFactor("This code is wrong or was used before; wait for the next one.")
    await factors.forget_try(uow, attempt)


def _secret(row: Row, person_id: UUID, keyring: Keyring) -> bytes:
    try:
        return keyring.unseal(PURPOSE, row["secret_sealed"], str(person_id))
    except crypto.Unreadable as failure:
        raise FactorUnreadable(
            "The program's secret key is not the one that this app was set up with; use another factor."
        ) from failure
