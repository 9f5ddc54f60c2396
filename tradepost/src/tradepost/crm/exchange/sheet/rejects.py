"""What of a rejected entry can be mended and sent again: a row's cells, or a card as a row, and why it was rejected."""

from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.exchange.sheet.writer import SheetForm, sheet_head, sheet_rows

# What stands before the columns of the file itself, so that a row with too many cells has them at its end.
REASONS = ("Reason", "Line")
# Characters of a card that could not be read.
LONGEST_CARD = 10_000
_FORM = SheetForm()
CARD_COLUMNS = (*sheet_head(_FORM), "Card")


def record_cells(record: ContactRecord) -> tuple[str, ...]:
    """Return a contact under `CARD_COLUMNS`."""
    return (*next(sheet_rows([record], _FORM)), "")


def text_cells(text: str) -> tuple[str, ...]:
    """Return the text of a card that is no contact under `CARD_COLUMNS`."""
    return (*[""] * (len(CARD_COLUMNS) - 1), text[:LONGEST_CARD])
