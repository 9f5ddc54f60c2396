"""What a password would be told while it is typed, before anybody sets it."""

from dataclasses import dataclass

from mainstay import crypto
from mainstay.errors import NotSignedIn
from mainstay.modules.identity.repository import invitations, resets
from mainstay.modules.identity.repository.attempts import Guess
from mainstay.modules.identity.service import policy, sessions, throttle
from mainstay.modules.identity.service.policy import Candidate, Rules, Verdict
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: somebody with a session, or with a one-time link, or who only says their name and e-mail."""

    address: str
    session_token: str | None = None
    link_token: str | None = None
    name: str | None = None
    email: str | None = None


async def judge(uow: UnitOfWork, password: str, asker: Asker) -> tuple[Rules, Verdict]:
    """Return what is demanded of the asker's password and the verdict on this one. Raises TooManyAttempts."""
    settings = uow.setup.settings.of(IdentitySettings)
    source = crypto.digest(f"check/{asker.address}")
    await throttle.count(uow, Guess(source, asker.address, source), throttle.of_checks(settings))
    role, own = await _of(uow, asker)
    verdict = await policy.judge(uow, Candidate(password, role, own))
    return await policy.rules_for(uow, role), verdict


async def _of(uow: UnitOfWork, asker: Asker) -> tuple[str, tuple[str, ...]]:
    """Return the asker's role, as far as it is known, and their own words."""
    said = tuple(text for text in (asker.name, asker.email) if text)
    if asker.link_token is not None:
        digest = crypto.digest(asker.link_token)
        row = await invitations.open_invitation(uow, digest) or await resets.find(uow, digest)
        if row is not None:
            return row["role"], (*(text for text in (row["name"], row["email"]) if text), *said)
    elif asker.session_token is not None:
        try:
            person = await sessions.recognise(uow, asker.session_token)
        except NotSignedIn:
            return "", said
        return person.role, (person.name, person.email, *said)
    return "", said
