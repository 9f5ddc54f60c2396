"""What the money engine refuses: each error has a stable code and a sentence the user can act on."""

from typing import ClassVar


class MoneyError(ValueError):
    """Base of all refusals of this engine.

    `code` is stable and meant for programs, the message is meant for people. `line` is the zero-based index of the
    ticket line at fault, or None when the fault is not in one line.
    """

    code: ClassVar[str] = "money.invalid"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.line: int | None = None


class UnknownCurrency(MoneyError):
    """The currency code is not an active ISO 4217 code."""

    code = "money.unknown_currency"


class InvalidAmount(MoneyError):
    """An amount is not a plain decimal number, or lies outside its limits."""

    code = "money.invalid_amount"


class TooManyDecimals(InvalidAmount):
    """An amount has more decimals than its currency, e.g. a euro price with three decimals (rule 2)."""

    code = "money.too_many_decimals"


class AmountTooLarge(InvalidAmount):
    """A line total is above the engine's limit."""

    code = "money.amount_too_large"


class InvalidPrice(MoneyError):
    """A unit price is negative, not a number, too large or has too many decimals."""

    code = "money.invalid_price"


class InvalidQuantity(MoneyError):
    """A quantity is zero, negative, not a number, too large or has too many decimals."""

    code = "money.invalid_quantity"


class InvalidTaxRate(MoneyError):
    """A tax rate is outside 0 to 100 percent, has too many decimals, or its parts do not add up to it."""

    code = "money.invalid_tax_rate"


class InvalidDiscount(MoneyError):
    """A discount is negative, above 100 percent, or larger than what it is taken from."""

    code = "money.invalid_discount"


class InvalidAllocation(MoneyError):
    """An amount cannot be shared out by the given weights."""

    code = "money.invalid_allocation"


class InvalidCashRounding(MoneyError):
    """The smallest coin or the threshold of a cash rounding is outside its limits."""

    code = "money.invalid_cash_rounding"


class EmptyTicket(MoneyError):
    """A ticket has no lines."""

    code = "money.empty_ticket"


class TooManyLines(MoneyError):
    """A ticket has more lines than the engine accepts."""

    code = "money.too_many_lines"


class InvalidTender(MoneyError):
    """A tender has no kind, or its amount is negative, zero or too large."""

    code = "money.invalid_tender"


class TenderTooLow(MoneyError):
    """The tenders do not reach what is due; `missing_minor` says by how much."""

    code = "money.tender_too_low"

    def __init__(self, missing_minor: int) -> None:
        super().__init__("The amount paid is below the amount due.")
        self.missing_minor = missing_minor


class TenderTooHigh(MoneyError):
    """Tenders other than cash are above the total (a card gives no change); `excess_minor` says by how much."""

    code = "money.tender_too_high"

    def __init__(self, excess_minor: int) -> None:
        super().__init__("Only cash may be more than the amount due.")
        self.excess_minor = excess_minor
