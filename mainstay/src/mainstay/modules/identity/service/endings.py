"""The end of everything by which somebody is recognised: what every change of a credential or of rights calls."""

from uuid import UUID

from mainstay.modules.identity.events import AccessEnded
from mainstay.modules.identity.repository import approvals, resets, steps, tokens
from mainstay.modules.identity.repository import sessions as repository
from mainstay.modules.identity.service import sessions
from mainstay.modules.identity.service.recent import RECENT
from mainstay.work import UnitOfWork


async def end_all(uow: UnitOfWork, person_id: UUID, keep: UUID | None = None) -> None:
    """End every session and every family of tokens of a person but `keep`, and each sign-in that waits for a factor.

    The link by which they would set a new password and the approvals that are still open end too; their API keys end
    with their account.

    At once in this process and within a second in every other: none remembers a session for longer. A sign-in that is
    under way either ends too or finds the credential changed, because both hold the person's row.
    """
    await repository.end_sessions(uow, person_id, keep)
    await steps.end_pending_of(uow, person_id)
    await tokens.end_families(uow, person_id, keep)
    await resets.remove_of(uow, person_id)
    await approvals.withdraw_of(uow, person_id)
    sessions.forget(person_id, keep)
    RECENT.drop(person_id=person_id, keep=keep)
    uow.publish(AccessEnded(person_id=person_id))


async def end_by_pin(uow: UnitOfWork, person_id: UUID) -> None:
    """End what a person began by their PIN, and the approvals that are still open."""
    await repository.end_station_sessions(uow, person_id)
    await approvals.withdraw_of(uow, person_id)
    sessions.forget(person_id)
