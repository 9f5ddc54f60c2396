"""Receipt numbers as lists are narrowed down by them: whole, or by how they begin."""

from typing import Annotated

from pydantic import StringConstraints

# Follows every text that begins alike.
_ENDING = "\U0010ffff"
BEGINS = f"receipt_number >= {{0}} AND receipt_number < {{0}} || '{_ENDING}'"
ReceiptNumber = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=100)]
