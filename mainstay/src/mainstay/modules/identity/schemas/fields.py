"""What is said of a person in every body: role, name, e-mail, password, token."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

# The key of a role.
Role = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"), Field(examples=["cashier"])]

# The places that somebody is limited to.
Places = Annotated[list[UUID], Field(min_length=1, max_length=200)]

# Joiners: invisible, and part of the spelling in Persian, in India's scripts and in emoji.
JOINERS = frozenset("\u200c\u200d")


def _printable(text: str) -> str:
    """Refuse control characters; letters of every script, spaces and marks are kept as they are."""
    if any(not (character.isprintable() or character in JOINERS) for character in text):
        raise ValueError("control characters are not allowed")
    return text


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_printable)
]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"),
    AfterValidator(_printable),
]
# A hash is costly: nothing longer than the longest allowed password is looked at.
Password = Annotated[SecretStr, Field(min_length=1, max_length=128)]
Token = Annotated[SecretStr, Field(min_length=20, max_length=100)]
# As large as the column: what is larger could not even be compared.
Version = Annotated[int, Field(ge=1, le=2_147_483_647, examples=[1])]
