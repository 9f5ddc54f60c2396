"""Passkeys (WebAuthn level 3): a device signs a challenge of ours, for our site, after it has verified its person."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import bytes_to_base64url, encode_cbor, parse_cbor, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)

from mainstay import crypto, ids
from mainstay.messages.audit import Entry
from mainstay.modules.identity.errors import PasskeyKnown, PasskeyRefused, PasskeysNotHere, WrongFactor
from mainstay.modules.identity.events import FactorAdded
from mainstay.modules.identity.repository import passkeys as repository
from mainstay.modules.identity.repository import steps
from mainstay.modules.identity.repository.passkeys import NewPasskey
from mainstay.modules.identity.repository.people import Identified
from mainstay.modules.identity.service import endings
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import Row, UnitOfWork

CHALLENGE_BYTES = 32
Purpose = Literal["register", "confirm", "second_step", "sign_in"]
# The library looks into keys without asking first what they are: rubbish is a refusal, whatever it trips over.
MALFORMED = (WebAuthnException, ValueError, LookupError, TypeError, AttributeError)
REFUSED = "This passkey was not accepted; try again, or use another way."


@dataclass(frozen=True, slots=True)
class Party:
    """The site that a passkey is made for, and the origins of its pages (the relying party of WebAuthn)."""

    site: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """Who is to answer a challenge: `bound_to` is of one browser alone, `party` the site that it shows.

    `party` is None where the page was opened by a number, to which no browser ties a passkey.
    """

    bound_to: bytes
    party: Party | None

    def here(self) -> Party:
        """Return the site; raises PasskeysNotHere."""
        if self.party is None:
            raise PasskeysNotHere("Passkeys belong to a name: open this program by its name, not by a number.")
        return self.party


@dataclass(frozen=True, slots=True)
class Asked:
    """What a device is to sign, for which site, and with which of the person's passkeys (none named: with any)."""

    challenge: bytes
    site: str
    credentials: tuple[bytes, ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class Registration:
    """A new passkey as the browser tells of it."""

    name: str
    credential_id: bytes
    client_data: bytes
    attestation: bytes


@dataclass(frozen=True, slots=True)
class Assertion:
    """A challenge signed by a passkey."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    user_handle: bytes | None = None


async def ask(uow: UnitOfWork, window: Window, purpose: Purpose, person_id: UUID | None) -> Asked:
    """Make a challenge for one browser and purpose; an earlier one is worth nothing. Raises PasskeysNotHere."""
    party = window.here()
    seconds = uow.setup.settings.of(IdentitySettings).challenge_seconds
    challenge = crypto.new_bytes(CHALLENGE_BYTES)
    known = [] if person_id is None else await repository.of_person(uow, person_id)
    await steps.put_challenge(uow, window.bound_to, purpose, challenge, timedelta(seconds=seconds))
    credentials = tuple(bytes(row["credential_id"]) for row in known if row["site"] == party.site)
    return Asked(challenge, party.site, credentials, seconds)


async def register(uow: UnitOfWork, window: Window, person_id: UUID, given: Registration) -> UUID:
    """Keep a passkey that answers the browser's challenge. Raises PasskeyRefused and PasskeyKnown."""
    party = window.here()
    challenge = await steps.take_challenge(uow, window.bound_to, "register")
    if challenge is None:
        raise PasskeyRefused("This took too long or was answered before; try again.")
    made = _read_registration(given, challenge, party)
    new = NewPasskey(ids.new_id(), *made, party.site, given.name)
    if not await repository.add(uow, person_id, new):
        raise PasskeyKnown("This passkey is set up already.")
    await endings.end_all(uow, person_id, uow.actor.session_id)
    uow.publish(FactorAdded(person_id=person_id, kind="passkey"))
    told = {"kind": "passkey", "passkey_id": str(new.id), "name": new.name}
    uow.record(Entry("identity.factor_added", "identity.person", person_id, new=told))
    return new.id


def _read_registration(given: Registration, challenge: bytes, party: Party) -> tuple[bytes, bytes, int]:
    """Return the credential's id, its public key and its count. Raises PasskeyRefused."""
    try:
        response = AuthenticatorAttestationResponse(given.client_data, _without_statement(given.attestation))
        made = verify_registration_response(
            credential=RegistrationCredential(bytes_to_base64url(given.credential_id), given.credential_id, response),
            expected_challenge=challenge,
            expected_rp_id=party.site,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
    except MALFORMED as failure:
        raise PasskeyRefused("The browser's answer does not belong to this page or to what was asked.") from failure
    if made.credential_id != given.credential_id or _is_framed(given.client_data):
        raise PasskeyRefused("The browser's answer contradicts itself.")
    return made.credential_id, made.credential_public_key, made.sign_count


def _without_statement(attestation: bytes) -> bytes:
    """Return what a device tells without its maker's statement, whose parsers are thus never reached."""
    told: dict[str, bytes] = parse_cbor(attestation)
    return encode_cbor({"fmt": "none", "attStmt": {}, "authData": told["authData"]})


async def use(uow: UnitOfWork, window: Window, purpose: Purpose, given: Assertion) -> Identified:
    """Return the person whose passkey answers the browser's challenge, which is used up. Raises WrongFactor."""
    party = window.here()
    challenge = await steps.take_challenge(uow, window.bound_to, purpose)
    row = await repository.by_credential(uow, given.credential_id)
    if challenge is None or row is None:
        raise WrongFactor(REFUSED)
    count = _read_assertion(given, row, challenge, party)
    is_someone_elses = given.user_handle is not None and given.user_handle != row["person_id"].bytes
    if is_someone_elses or not await repository.use(uow, row["id"], count):
        raise WrongFactor(REFUSED)
    return Identified(row["person_id"], row["name"], row["email"], row["role"])


def _read_assertion(given: Assertion, row: Row, challenge: bytes, party: Party) -> int:
    """Return the count of the device whose signature is right. Raises WrongFactor."""
    credential = AuthenticationCredential(
        bytes_to_base64url(given.credential_id),
        given.credential_id,
        AuthenticatorAssertionResponse(given.client_data, given.authenticator_data, given.signature),
    )
    try:
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.site,
            expected_origin=list(party.origins),
            credential_public_key=row["public_key"],
            credential_current_sign_count=row["sign_count"],
            require_user_verification=True,
        )
    except MALFORMED as failure:
        raise WrongFactor(REFUSED) from failure
    if _is_framed(given.client_data):
        raise WrongFactor(REFUSED)
    return verified.new_sign_count


def _is_framed(client_data: bytes) -> bool:
    """Whether another site's page has ours in a frame."""
    return parse_client_data_json(client_data).cross_origin is True
