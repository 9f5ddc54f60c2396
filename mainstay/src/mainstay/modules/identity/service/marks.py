"""Marks: proof that something was begun by one person at one place, for what is sent when somebody else has taken over.

A till without a network keeps its sales; when they leave, the next cashier may be signed in.
"""

import re
from datetime import timedelta
from uuid import UUID

from mainstay import clock, crypto

# A device that was out of reach for longer sends what it has in the name of whoever sends it.
LASTS = timedelta(days=14)
_FORM = re.compile(r"([0-9a-f]{32})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})")


def make(key: bytes, place_id: UUID, person_id: UUID) -> str:
    """Return the mark that `person_id` is at a place now; only whoever has the program's secret key can make one."""
    moment = str(int(clock.now().timestamp()))
    return f"{person_id.hex}.{moment}.{_signature(key, place_id, person_id, moment)}"


def read(key: bytes, place_id: UUID, mark: str) -> UUID | None:
    """Return whose mark it is; None when it is no mark of ours, of another place, or too old."""
    found = _FORM.fullmatch(mark)
    if found is None:
        return None
    person_id, moment = UUID(found[1]), found[2]
    if not crypto.is_equal(found[3], _signature(key, place_id, person_id, moment)):
        return None
    is_old = clock.now().timestamp() - int(moment) > LASTS.total_seconds()
    return None if is_old else person_id


def _signature(key: bytes, place_id: UUID, person_id: UUID, moment: str) -> str:
    return crypto.sign(key, "identity.mark", f"{place_id}/{person_id}/{moment}")
