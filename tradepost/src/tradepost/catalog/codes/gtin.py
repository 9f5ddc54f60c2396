"""GTIN: check digits, the 14-digit form, and what a printed, typed or scanned code is (rule 26).

Source: GS1 General Specifications, section 7.9 (check digit), and the 14-digit storage form of all GTINs.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

LENGTHS = frozenset({8, 12, 13, 14})
STORED_LENGTH = 14
LONGEST_CODE = 64
# Remainders of codes whose leading zeros a spreadsheet has taken away, with the length they had.
SHORTENED = {6: 8, 7: 8, 9: 12, 10: 12, 11: 12}


class InvalidCode(ValueError):
    """The text cannot be a barcode; the message is the sentence for the person who typed it, `code` is stable."""

    code: ClassVar[str] = "invalid_barcode"


class WrongCheckDigit(InvalidCode):
    """The text has the length of a GTIN, but its last digit should be `expected`."""

    code = "wrong_check_digit"

    def __init__(self, text: str, expected: int) -> None:
        super().__init__(f"The barcode {text} is mistyped: its last digit would have to be {expected}.")
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Code:
    """A barcode as printed; `gtin` has 14 digits when it is one, an internal code has none."""

    code: str
    gtin: str | None

    @property
    def kind(self) -> Literal["gtin", "internal"]:
        """Say what the code is."""
        return "gtin" if self.gtin else "internal"

    @property
    def key(self) -> str:
        """Return what the code is stored and looked up by."""
        return self.gtin or self.code


def check_digit(body: str) -> int:
    """Return the check digit for the digits before it ("629104150021" → 3)."""
    places = [ord(digit) - ord("0") for digit in reversed(body)]
    return -(3 * sum(places[::2]) + sum(places[1::2])) % 10


def has_right_check_digit(digits: str) -> bool:
    """Say whether the last of `digits` fits those before it; leading zeros make no difference."""
    return check_digit(digits[:-1]) == int(digits[-1])


def is_digits(text: str) -> bool:
    """Say whether `text` is one or more of the digits 0 to 9."""
    return text.isascii() and text.isdigit()


def to_gtin(text: str) -> str | None:
    """Return the 14-digit form of a code of 8, 12, 13 or 14 digits with a right check digit, None otherwise."""
    if len(text) in LENGTHS and is_digits(text) and has_right_check_digit(text):
        return text.zfill(STORED_LENGTH)
    return None


def typed_code(text: str) -> Code:
    """Return the code that a person entered for a product. Raises WrongCheckDigit, InvalidCode."""
    code = _printable(text)
    if len(code) in LENGTHS and is_digits(code) and not has_right_check_digit(code):
        raise WrongCheckDigit(code, check_digit(code[:-1]))
    return Code(code, to_gtin(code))


def printed_code(text: str) -> Code:
    """Return the code of a product as some file has it: a wrong check digit makes it internal. Raises InvalidCode."""
    code = _printable(text)
    return Code(code, to_gtin(code))


def restored_code(text: str) -> Code | None:
    """Return the GTIN that `text` was before a spreadsheet took its leading zeros, None when it was not one."""
    length = SHORTENED.get(len(text))
    if length is None or not is_digits(text) or not has_right_check_digit(text):
        return None
    return Code(text.zfill(length), text.zfill(STORED_LENGTH))


def scan_keys(text: str) -> tuple[str, str]:
    """Return the two keys under which a scanned or typed code may be stored, the likelier first."""
    gtin = to_gtin(text)
    if gtin is not None:
        return gtin, text
    restored = restored_code(text)
    return text, restored.key if restored else text


def _printable(text: str) -> str:
    code = text.strip()
    if not code:
        raise InvalidCode("A barcode cannot be empty.")
    if len(code) > LONGEST_CODE:
        raise InvalidCode(f"A barcode may have at most {LONGEST_CODE} characters.")
    if not code.isprintable():
        raise InvalidCode("A barcode cannot hold control characters.")
    return code
