"""What a caller takes by its header `Accept` (RFC 9110, 12.5.1)."""

import re
from typing import Final

LONGEST: Final = 2000
_NOTHING: Final = re.compile(r"q=0(\.0*)?")


def names(accept: str | None, media_type: str) -> bool:
    """Whether a caller takes `media_type` and says so by name; `*/*` and `image/*` are no promise for a new one."""
    for part in (accept or "")[:LONGEST].lower().split(","):
        name, *parameters = (each.strip() for each in part.split(";"))
        if name == media_type:
            return not any(_NOTHING.fullmatch(each.replace(" ", "")) for each in parameters)
    return False
