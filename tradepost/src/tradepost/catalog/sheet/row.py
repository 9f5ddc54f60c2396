"""What a row of a table says about a product, read but not yet compared with the catalogue."""

from dataclasses import dataclass, field
from decimal import Decimal

from tradepost.catalog.codes.gtin import Code


@dataclass(frozen=True, slots=True)
class Notice:
    """Why a row was rejected, or what is odd about one that was accepted."""

    code: str
    sentence: str


class Unreadable(Exception):
    """A row cannot be accepted."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.notice = Notice(code, sentence)


@dataclass(slots=True)
class SheetRow:
    """One row; what its file does not say is None. `number` counts as a spreadsheet does, `cells` are as they were.

    `problem` rejects it, `doubt` does so unless the price may be finer than a coin. `is_part` marks a row that belongs
    to the product above and sells nothing, such as a further picture. `handle` names the product of several rows;
    `options` tell its variants apart.
    """

    number: int
    cells: list[str]
    problem: Notice | None = None
    doubt: Notice | None = None
    is_part: bool = False
    warnings: list[Notice] = field(default_factory=list)
    name: str = ""
    price: Decimal = Decimal(0)
    cost: Decimal | None = None
    tax_rate: Decimal | None = None
    lacks_tax_rate: bool = False
    unit: str | None = None
    sku: str | None = None
    code: Code | None = None
    quantity: Decimal | None = None
    handle: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    description: str | None = None
    vendor: str | None = None
    tags: list[str] | None = None
    is_active: bool | None = None

    def warn(self, code: str, sentence: str) -> None:
        """Accept the row, and tell what is odd about it."""
        self.warnings.append(Notice(code, sentence))
