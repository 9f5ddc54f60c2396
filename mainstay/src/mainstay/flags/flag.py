"""Flag: what modules declare that can be switched while the program runs, in which values, and what holds at first."""

import re
from dataclasses import dataclass
from typing import Final

# A yes or no, or the name of a variant.
Value = bool | str
KEY: Final = re.compile(r"^[a-z]+\.[a-z_]+$")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence for people, in the languages of the back office."""

    en: str
    ru: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that can be switched: on and off or, with `variants`, among these; `default` holds until somebody does.

    `says` tells what it switches. One that `is_for_all` is asked before it is known who acts, or where nobody does: its
    rules know nothing but time. Raises ValueError when the default is none of its values.
    """

    key: str
    says: Said
    default: Value
    variants: tuple[str, ...] = ()
    is_for_all: bool = False

    def __post_init__(self) -> None:
        if KEY.fullmatch(self.key) is None:
            raise ValueError(f"the flag {self.key} must be called module.what_it_is")
        if not self.has(self.default):
            raise ValueError(f"the default of the flag {self.key} is none of its values")

    @property
    def values(self) -> tuple[Value, ...]:
        """What it can be."""
        return self.variants or (False, True)

    def has(self, value: Value) -> bool:
        """Whether it can be `value`: the number 1 is no yes."""
        return value in self.variants if self.variants else isinstance(value, bool)
