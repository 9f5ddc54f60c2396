"""The keys that sign access tokens: made when first needed, kept sealed, exchanged with an overlap."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mainstay import crypto
from mainstay.keyring import Keyring
from mainstay.messages.audit import Entry
from mainstay.modules.identity.events import SigningKeyRotated
from mainstay.modules.identity.repository import signing_keys as repository
from mainstay.modules.identity.service.access_tokens import Rules
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.sealed import SealedColumn
from mainstay.work import UnitOfWork

PURPOSE = "identity.signing_key"
SEALED = SealedColumn(PURPOSE, "identity_signing_key", "kid", "kid", "private_key_sealed")


async def signing_key(uow: UnitOfWork, keyring: Keyring) -> tuple[str, bytes]:
    """Return (kid, private key) of the key that signs, opened with the program's secret; the first call makes it.

    A key that was sealed under another secret cannot be opened any more: it is exchanged.
    """
    row = await repository.signing(uow)
    if row is None:
        await _make(uow, keyring)
        row = await repository.signing(uow)
        assert row is not None  # noqa: S101  it was just made, by us or by another process
    kid: str = row["kid"]
    try:
        return kid, keyring.unseal(PURPOSE, row["private_key_sealed"], kid)
    except crypto.Unreadable:
        await rotate(uow, keyring)
        return await signing_key(uow, keyring)


async def rotate(uow: UnitOfWork, keyring: Keyring) -> str:
    """Let a new key sign; the old one verifies until its last token is dead. Return a sentence for the operator."""
    await repository.retire(uow)
    kid = await _make(uow, keyring)
    uow.publish(SigningKeyRotated(kid=kid))
    uow.record(Entry("identity.signing_key_rotated", "identity.signing_key", kid))
    minutes = Rules.of(uow.setup.settings.of(IdentitySettings)).overlap.total_seconds() / 60
    return f"Access tokens are signed with the new key {kid}; the old one verifies for {minutes:.0f} more minutes."


async def public_keys(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Return (kid, public key as base64url) of every key that verifies."""
    overlap = Rules.of(uow.setup.settings.of(IdentitySettings)).overlap
    rows = await repository.verifying(uow, overlap)
    return [(row["kid"], base64.urlsafe_b64encode(row["public_key"]).rstrip(b"=").decode()) for row in rows]


async def _make(uow: UnitOfWork, keyring: Keyring) -> str:
    kid = crypto.new_token(16)
    private = Ed25519PrivateKey.generate()
    sealed = keyring.seal(PURPOSE, private.private_bytes_raw(), kid)
    await repository.add(uow, kid, private.public_key().public_bytes_raw(), sealed)
    return kid
