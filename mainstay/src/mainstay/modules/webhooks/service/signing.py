"""Signatures in the form of Standard Webhooks (standardwebhooks.com): secrets `whsec_…`, HMAC-SHA-256, version v1."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from mainstay import crypto
from mainstay.keyring import Keyring
from mainstay.sealed import SealedColumn
from mainstay.work import UnitOfWork

PURPOSE: Final = "webhooks.secret"
SEALED: Final = tuple(
    SealedColumn(PURPOSE, table, "id", "id", column)
    for table in ("webhooks_subscription", "webhooks_source")
    for column in ("secret_sealed", "former_sealed")
)
PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
VERSION: Final = "v1"
# A message may have so many signatures: one more than two keys of a rotation would be odd, sixteen are an attack.
MOST_SIGNATURES: Final = 8


def new_secret() -> bytes:
    """Return a secret; the standard wants 24 to 64 bytes."""
    return crypto.new_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """Return a secret as it is given to the other side, once."""
    return PREFIX + base64.b64encode(secret).decode()


def signature(secret: bytes, message_id: str, moment: datetime, body: bytes) -> str:
    """Return the signature of one message at one moment."""
    signed = f"{message_id}.{int(moment.timestamp())}.".encode() + body
    return f"{VERSION},{base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()}"


def signatures(secrets: Iterable[bytes], message_id: str, moment: datetime, body: bytes) -> str:
    """Return the header's text: a signature of each secret."""
    return " ".join(signature(secret, message_id, moment, body) for secret in secrets)


def is_signed(header: str, expected: Iterable[str]) -> bool:
    """Whether one of the `expected` signatures stands in a header, in time that does not tell how near one came."""
    given = header.split(" ")[:MOST_SIGNATURES]
    found = False
    for right in expected:
        for each in given:
            found |= hmac.compare_digest(right.encode(), each.encode("utf-8", "replace"))
    return found


def keyring_of(uow: UnitOfWork) -> Keyring:
    """Return the program's keys, which seal and open secrets."""
    keyring = uow.setup.keyring
    assert keyring is not None  # noqa: S101  the program does not start without a secret
    return keyring


def seal(uow: UnitOfWork, secret: bytes, owner: UUID) -> bytes:
    """Seal a secret for what it belongs to."""
    return keyring_of(uow).seal(PURPOSE, secret, str(owner))


def unseal(uow: UnitOfWork, sealed: bytes, owner: UUID) -> bytes:
    """Open a secret. Raises Unreadable."""
    return keyring_of(uow).unseal(PURPOSE, sealed, str(owner))


def decoded(text: str) -> bytes | None:
    """Return the secret in `whsec_…`; None when it is none."""
    try:
        return base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (ValueError, binascii.Error):
        return None
