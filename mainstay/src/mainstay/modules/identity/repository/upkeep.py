"""Forgetting what identity has no use for any more."""

from datetime import timedelta

from mainstay.work import UnitOfWork

FORGET = """
WITH attempts AS (DELETE FROM identity_attempt WHERE attempted_at < now() - interval '1 day'),
resets AS (DELETE FROM identity_reset WHERE expires_at < now()),
sign_ups AS (
    DELETE FROM identity_sign_up
    WHERE (confirmed_at IS NULL AND expires_at < now()) OR confirmed_at < now() - $3::interval
),
reset_requests AS (DELETE FROM identity_reset_request WHERE created_at < now() - interval '1 day'),
sessions AS (DELETE FROM identity_session WHERE expires_at < now() OR last_seen_at < now() - $1::interval),
families AS (
    DELETE FROM identity_token_family WHERE expires_at < now() OR last_used_at < now() - $2::interval
), signing_keys AS (DELETE FROM identity_signing_key WHERE retired_at < now() - interval '1 day'),
approvals AS (DELETE FROM identity_approval WHERE expires_at < now() - interval '1 day'),
keys AS (DELETE FROM identity_api_key WHERE expires_at < now() - interval '30 days')
DELETE FROM identity_invitation
WHERE accepted_at IS NULL AND NOT is_first_owner AND expires_at < now() - interval '30 days'
"""


async def forget_the_old(uow: UnitOfWork, idle: timedelta, refresh_idle: timedelta, waiting: timedelta) -> None:
    """Delete ended sessions and families, keys long out of use, old attempts, links and sign-ups that came to nothing.

    `waiting` is how long a sign-up waits for somebody to approve it.
    """
    await uow.write(FORGET, idle, refresh_idle, waiting)
