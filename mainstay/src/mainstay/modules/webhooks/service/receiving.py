"""Taking messages: who sent them, whether now, whether for the first time; kept before anybody handles them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from mainstay import clock, ids
from mainstay.crypto import Unreadable
from mainstay.modules.webhooks.errors import MessageReplayed, SignatureRefused
from mainstay.modules.webhooks.events import WebhookReceived
from mainstay.modules.webhooks.repository import sources as repository
from mainstay.modules.webhooks.repository.sources import Message
from mainstay.modules.webhooks.service import signing
from mainstay.work import Row, UnitOfWork

TOLERANCE: Final = timedelta(minutes=5)
# What signatures are compared with where there is no source: it takes as long.
NOBODY: Final = b"a secret of nobody, 32 bytes long"
_ID: Final = re.compile(r"[!-~]{1,200}")
_MOMENT: Final = re.compile(r"[0-9]{1,11}")


async def receive(uow: UnitOfWork, source: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Keep a message and have it handled; False when it was taken before and is signed anew.

    Raises SignatureRefused, alike for an unknown source, a wrong signature and a moment too far away, and
    MessageReplayed for the very same message.
    """
    row = await repository.secrets(uow, source)
    message = _message(headers, body)
    expected = [
        signing.signature(secret, message.id, message.signed_at, body) for secret in _secrets(uow, row) or (NOBODY,)
    ]
    is_genuine = signing.is_signed(headers.get("webhook-signature", ""), expected)
    if row is None or not is_genuine or abs(clock.now() - message.signed_at) > TOLERANCE:
        raise _refusal()
    key = ids.new_id()
    if await repository.keep(uow, key, row["id"], message):
        uow.publish(WebhookReceived(received_id=key, source=source))
        return True
    if await repository.know_again(uow, row["id"], message):
        return False
    raise MessageReplayed("The very same message was taken before.")


async def received(uow: UnitOfWork, key: UUID) -> Row | None:
    """Return a message that was kept; None when it has been forgotten."""
    return await repository.received(uow, key)


def _secrets(uow: UnitOfWork, row: Row | None) -> list[bytes]:
    """Return the secrets that count; one that cannot be opened counts for nobody."""
    if row is None:
        return []
    found = []
    for sealed in (row["secret_sealed"], row["former_sealed"]):
        try:
            found += [] if sealed is None else [signing.unseal(uow, sealed, row["id"])]
        except Unreadable as failure:
            raise _refusal() from failure
    return found


def _message(headers: Mapping[str, str], body: bytes) -> Message:
    message_id, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (_ID.fullmatch(message_id) and _MOMENT.fullmatch(moment)):
        raise _refusal()
    return Message(message_id, datetime.fromtimestamp(int(moment), UTC), body)


def _refusal() -> SignatureRefused:
    return SignatureRefused("The message is not signed as this address needs it, or not within the last five minutes.")
