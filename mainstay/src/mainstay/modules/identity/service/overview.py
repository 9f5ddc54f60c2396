"""What an owner looks at to know whether the doors are shut: factors, keys, and what was tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mainstay.modules.audit import api as audit
from mainstay.modules.identity.repository import overview as repository
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import Row, UnitOfWork

# More than anybody works off from one page; the totals tell of the rest.
MOST_SHOWN = 50
WITHIN = timedelta(days=1)
# In the order in which they are shown.
TRIED = (
    "identity.sign_in_failed",
    "identity.approval_failed",
    "identity.factor_refused",
    "identity.password_refused",
    "identity.refresh_reused",
    "identity.recovery_code_used",
    "identity.access_reset",
)


@dataclass(frozen=True, slots=True)
class Overview:
    """How safe the accounts are; `tried` counts the entries of the audit trail within a day, by act."""

    without_factor: list[Row]
    stale_keys: list[Row]
    unused_days: int
    signing_key_since: datetime | None
    tried: dict[str, int]


async def look(uow: UnitOfWork) -> Overview:
    """Return how safe the accounts are now."""
    days = uow.setup.settings.of(IdentitySettings).key_unused_days
    counts = await audit.count(uow, TRIED, WITHIN)
    return Overview(
        await repository.without_factor(uow, MOST_SHOWN),
        await repository.stale_keys(uow, MOST_SHOWN, timedelta(days=days)),
        days,
        await repository.signing_key_since(uow),
        {act: counts[act] for act in TRIED},
    )
