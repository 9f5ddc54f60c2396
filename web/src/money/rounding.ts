// Rounding to whole minor units, and to the smallest coin for the cash part of a payment (rules 3 and 8). Twin of
// rounding.py.

import { MoneyError } from "./errors";
import { LARGEST_AMOUNT_MINOR, requireMinor, requirePlain } from "./exact";

/** Which neighbour is taken; "up" is away from zero and "down" towards zero, also for negative numbers. */
export const ROUNDING_MODES = ["half_up", "half_even", "half_down", "up", "down"] as const;
export type RoundingMode = (typeof ROUNDING_MODES)[number];

/**
 * How cash is rounded where the smallest coins are gone: `incrementMinor` is the smallest coin; exact halves are
 * decided by `dueTie` when the amount due is rounded and by `changeTie` when change is; "up" and "down" round every
 * remainder. Amounts due up to `aboveMinor` stay as they are (Belgium: 5 cents).
 */
export interface CashRounding {
  readonly incrementMinor: number;
  readonly dueTie: RoundingMode;
  readonly changeTie: RoundingMode;
  readonly aboveMinor?: number | undefined;
}

const LARGEST_INCREMENT_MINOR = 1_000_000;

/** Throw TypeError for text that is no mode: it comes from outside, where the compiler does not look. */
export function requireMode(mode: string): asserts mode is RoundingMode {
  if (!ROUNDING_MODES.some((known) => known === mode)) {
    throw new TypeError(`${mode} is no rounding mode`);
  }
}

/** Return `numerator` ÷ `denominator` (positive) rounded to a whole number. */
export function divideRounded(numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const remainder = size % denominator;
  let quotient = size / denominator;
  if (remainder && roundsAway(quotient, 2n * remainder - denominator, mode)) {
    quotient += 1n;
  }
  return numerator < 0n ? -quotient : quotient;
}

/**
 * Return a fraction of minor units rounded to whole ones. Throws TypeError for numbers, money.invalid_amount for what
 * is no plain number and above 2 × 10^15.
 */
export function roundToMinor(amount: string, mode: RoundingMode): number {
  requirePlain(amount, "amount", "money.invalid_amount");
  requireMode(mode);
  const places = amount.includes(".") ? amount.length - amount.indexOf(".") - 1 : 0;
  const minor = divideRounded(BigInt(amount.replace(".", "")), 10n ** BigInt(places), mode);
  if (minor > LARGEST_AMOUNT_MINOR || minor < -LARGEST_AMOUNT_MINOR) {
    throw new MoneyError("money.invalid_amount", "The amount is too large.");
  }
  return Number(minor);
}

/** Throw TypeError for fractions and unknown modes, money.invalid_cash_rounding outside 1 to 1,000,000. */
export function requireCashRounding(rounding: CashRounding): void {
  const above = rounding.aboveMinor ?? 0;
  requireMinor(rounding.incrementMinor, "incrementMinor");
  requireMinor(above, "aboveMinor");
  requireMode(rounding.dueTie);
  requireMode(rounding.changeTie);
  if (rounding.incrementMinor < 1 || rounding.incrementMinor > LARGEST_INCREMENT_MINOR) {
    const sentence = "The smallest coin must be between 1 and 1,000,000 minor units.";
    throw new MoneyError("money.invalid_cash_rounding", sentence);
  }
  if (above < 0 || above > LARGEST_INCREMENT_MINOR) {
    const sentence = "The threshold of cash rounding must be between 0 and 1,000,000 minor units.";
    throw new MoneyError("money.invalid_cash_rounding", sentence);
  }
}

/** Return what is asked for in cash when `dueMinor` (not negative) is left to pay. */
export function roundCashDue(dueMinor: number, rounding: CashRounding | null): number {
  requireMinor(dueMinor, "dueMinor");
  if (rounding === null) {
    return dueMinor;
  }
  requireCashRounding(rounding);
  const isRounded = dueMinor > (rounding.aboveMinor ?? 0);
  return isRounded ? roundToMultiple(dueMinor, rounding.incrementMinor, rounding.dueTie) : dueMinor;
}

/** Return the multiple of `incrementMinor` next to `amountMinor`. */
export function roundToMultiple(amountMinor: number, incrementMinor: number, mode: RoundingMode): number {
  const increment = BigInt(incrementMinor);
  return Number(divideRounded(BigInt(amountMinor), increment, mode) * increment);
}

/** Decide for a non-zero remainder; `aboveHalf` is negative below the half and zero on it. */
function roundsAway(quotient: bigint, aboveHalf: bigint, mode: RoundingMode): boolean {
  if (mode === "up" || mode === "down") {
    return mode === "up";
  }
  if (aboveHalf !== 0n) {
    return aboveHalf > 0n;
  }
  return mode === "half_up" || (mode === "half_even" && quotient % 2n === 1n);
}
