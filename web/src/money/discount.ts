// Discounts in percent or as an amount; a discount never makes anything negative (rules 6 and 7). Twin of discount.py.

import { MoneyError } from "./errors";
import { requireMinor, scaleDecimal } from "./exact";
import { divideRounded, type RoundingMode } from "./rounding";

/** Either a percentage (0 to 100, up to 4 decimals, as text) or an amount in minor units. */
export type Discount = { readonly percent: string } | { readonly amountMinor: number };

const PERCENT_PLACES = 4;
const ALL = 100n * 10n ** BigInt(PERCENT_PLACES);

/** Return the discount on `baseMinor`, between 0 and `baseMinor`. Throws money.invalid_discount; TypeError for floats. */
export function takeDiscount(discount: Discount | null, baseMinor: number, mode: RoundingMode): number {
  if (discount === null) {
    return 0;
  }
  if ("percent" in discount) {
    const scaled = scaleDecimal(
      discount.percent,
      PERCENT_PLACES,
      "discount percentage",
      "money.invalid_discount",
    );
    if (scaled < 0n || scaled > ALL) {
      throw new MoneyError("money.invalid_discount", "A discount must be between 0 and 100 percent.");
    }
    return Number(divideRounded(BigInt(baseMinor) * scaled, ALL, mode));
  }
  requireMinor(discount.amountMinor, "amountMinor");
  if (discount.amountMinor < 0) {
    throw new MoneyError("money.invalid_discount", "A discount must not be negative.");
  }
  if (discount.amountMinor > baseMinor) {
    throw new MoneyError(
      "money.invalid_discount",
      "A discount must not be larger than what it is taken from.",
    );
  }
  return discount.amountMinor;
}
