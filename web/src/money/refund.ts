// Giving a sale back in parts: each part is exact, and all parts together are the sale to the minor unit (rule 15). Twin
// of refund.py.

import { MoneyError } from "./errors";
import { requireMinor, scaleDecimal } from "./exact";
import { type CashRounding, divideRounded, requireMode, roundCashDue, type RoundingMode } from "./rounding";
import { QUANTITY_PLACES } from "./ticket";

/** A line as it was sold: its quantity, and what it cost after all discounts. */
export interface SoldLine {
  readonly quantity: string;
  readonly netMinor: number;
  readonly taxMinor: number;
}

/** What is given back for a part of a line; both together are what the customer gets. */
export interface GivenBack {
  readonly netMinor: number;
  readonly taxMinor: number;
}

/**
 * Return what `quantity` of a line is worth when `before` of it has been given back already: the difference of two
 * rounded shares, so that the last part is exactly the remainder. Throws money.invalid_quantity for nothing, for more
 * than three decimals and for more than is left; TypeError for numbers.
 */
export function giveBack(line: SoldLine, before: string, quantity: string, mode: RoundingMode): GivenBack {
  requireMode(mode);
  requireMinor(line.netMinor, "netMinor");
  requireMinor(line.taxMinor, "taxMinor");
  const [sold, start, part] = [line.quantity, before, quantity].map((value) =>
    scaleDecimal(value, QUANTITY_PLACES, "quantity", "money.invalid_quantity"),
  ) as [bigint, bigint, bigint];
  if (part <= 0n || start < 0n || start + part > sold) {
    const sentence = "The quantity must be above 0 and at most what remains of the line.";
    throw new MoneyError("money.invalid_quantity", sentence);
  }
  const gross = BigInt(line.netMinor) + BigInt(line.taxMinor);
  const upTo = (end: bigint) => divideRounded(gross * end, sold, mode);
  const within = (amount: bigint) =>
    gross === 0n ? 0n : divideRounded(BigInt(line.taxMinor) * amount, gross, mode);
  const [from, to] = [upTo(start), upTo(start + part)];
  const tax = within(to) - within(from);
  return { netMinor: Number(to - from - tax), taxMinor: Number(tax) };
}

/** Return what goes back for goods of `totalMinor`, before cash is rounded: never more than is left of the money. */
export function toPayOut(totalMinor: number, leftMinor: number, isLast: boolean): number {
  requireMinor(totalMinor, "totalMinor");
  requireMinor(leftMinor, "leftMinor");
  return isLast ? leftMinor : Math.min(totalMinor, leftMinor);
}

/** Return what is handed out in cash: rounded as an amount due is, but never above `mostMinor` (then the coins below). */
export function roundCashBack(amountMinor: number, mostMinor: number, rounding: CashRounding | null): number {
  requireMinor(mostMinor, "mostMinor");
  const rounded = roundCashDue(amountMinor, rounding);
  if (rounding === null || rounded <= mostMinor) return rounded;
  return amountMinor - (amountMinor % rounding.incrementMinor);
}
