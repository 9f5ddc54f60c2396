"""Bearers: who sent `Authorization: Bearer`, by an access token or an API key."""

from mainstay import crypto
from mainstay.modules.identity.service import keys, tokens
from mainstay.modules.identity.service.recent import RECENT
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import Actor, UnitOfWork


async def authenticate(uow: UnitOfWork, text: str) -> Actor:
    """Return whom `text` stands for; one statement, and none for a second after it. Raises InvalidToken."""
    digest = crypto.digest(text)
    known = RECENT.find(digest)
    if known is not None:
        return known
    settings = uow.setup.settings.of(IdentitySettings)
    if text.startswith(f"{settings.key_prefix}_"):
        actor, source = await keys.authenticate(uow, text)
    else:
        actor, source = await tokens.authenticate(uow, text)
    RECENT.put(digest, actor, source, settings.session_cache)
    return actor
