// What the money engine refuses: stable codes for programs, sentences for people. Twin of tradepost/money/errors.py.

export type MoneyErrorCode =
  | "money.unknown_currency"
  | "money.invalid_amount"
  | "money.too_many_decimals"
  | "money.amount_too_large"
  | "money.invalid_price"
  | "money.invalid_quantity"
  | "money.invalid_tax_rate"
  | "money.invalid_discount"
  | "money.invalid_allocation"
  | "money.invalid_cash_rounding"
  | "money.empty_ticket"
  | "money.too_many_lines"
  | "money.invalid_tender"
  | "money.tender_too_low"
  | "money.tender_too_high";

/** A refusal; `line` is the zero-based index of the ticket line at fault, or null when it is not one line's fault. */
export class MoneyError extends Error {
  readonly code: MoneyErrorCode;
  line: number | null = null;

  constructor(code: MoneyErrorCode, sentence: string) {
    super(sentence);
    this.name = "MoneyError";
    this.code = code;
  }
}

/** The tenders do not reach what is due; `missingMinor` says by how much. */
export class TenderTooLow extends MoneyError {
  readonly missingMinor: number;

  constructor(missingMinor: number) {
    super("money.tender_too_low", "The amount paid is below the amount due.");
    this.missingMinor = missingMinor;
  }
}

/** Tenders other than cash are above the total (a card gives no change); `excessMinor` says by how much. */
export class TenderTooHigh extends MoneyError {
  readonly excessMinor: number;

  constructor(excessMinor: number) {
    super("money.tender_too_high", "Only cash may be more than the amount due.");
    this.excessMinor = excessMinor;
  }
}
