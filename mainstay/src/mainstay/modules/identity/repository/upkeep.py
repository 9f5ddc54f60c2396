"""Forgetting what identity has no use for any more."""

from datetime import timedelta

from mainstay.work import UnitOfWork

FORGET = """
WITH attempts AS (DELETE FROM identity_attempt WHERE attempted_at < now() - interval '1 day'),
sessions AS (DELETE FROM identity_session WHERE expires_at < now() OR last_seen_at < now() - $1::interval)
DELETE FROM identity_invitation
WHERE accepted_at IS NULL AND NOT is_first_owner AND expires_at < now() - interval '30 days'
"""


async def forget_the_old(uow: UnitOfWork, idle: timedelta) -> None:
    """Delete ended sessions, old attempts and invitations that nobody took up."""
    await uow.write(FORGET, idle)
