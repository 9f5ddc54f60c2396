"""Marks: proof that something was begun by one person at one place, for what is sent when somebody else has taken over.

A till without a network keeps its sales; when they leave, the next cashier may be signed in.
"""

import re
from datetime import timedelta
from uuid import UUID

from mainstay import clock
from mainstay.keyring import Keyring

# A device that was out of reach for longer sends what it has in the name of whoever sends it.
LASTS = timedelta(days=14)
PURPOSE = "identity.mark"
_FORM = re.compile(r"([0-9a-f]{32})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})")


def make(keyring: Keyring, place_id: UUID, person_id: UUID) -> str:
    """Return the mark that `person_id` is at a place now; only whoever has the program's secret key can make one."""
    moment = str(int(clock.now().timestamp()))
    return f"{person_id.hex}.{moment}.{keyring.sign(PURPOSE, _text(place_id, person_id, moment))}"


def read(keyring: Keyring, place_id: UUID, mark: str) -> UUID | None:
    """Return whose mark it is; None when it is no mark of ours, of another place, or too old."""
    found = _FORM.fullmatch(mark)
    if found is None:
        return None
    person_id, moment = UUID(found[1]), found[2]
    if not keyring.is_genuine(PURPOSE, _text(place_id, person_id, moment), found[3]):
        return None
    is_old = clock.now().timestamp() - int(moment) > LASTS.total_seconds()
    return None if is_old else person_id


def _text(place_id: UUID, person_id: UUID, moment: str) -> str:
    return f"{place_id}/{person_id}/{moment}"
