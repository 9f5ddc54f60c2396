"""Cells that no spreadsheet runs as formulas, and the text that was in them before."""

import re

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_SUSPECT = ("'", *_FORMULA_SIGNS)
_NEGATIVE_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe before it makes it text; a number is one as it is."""
    if not cell.startswith(_SUSPECT):
        return cell
    is_formula = cell.lstrip("'").startswith(_FORMULA_SIGNS) and _NEGATIVE_NUMBER.fullmatch(cell) is None
    return f"'{cell}" if is_formula else cell


def original(cell: str) -> str:
    """Return the text that `harmless` was given, for a cell that it made."""
    is_disarmed = cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA_SIGNS)
    return cell[1:] if is_disarmed else cell
