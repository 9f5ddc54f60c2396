// Exact decimals as whole numbers of a smaller unit; binary floats never get in (rule 1). Twin of exact.py.
//
// Decimals are text, as the API sends them, and are computed as bigint. Amounts in minor units are numbers, always
// safe integers: the limits of the engine keep every sum below 2^53.

import { MoneyError, type MoneyErrorCode } from "./errors";

/** Twice the largest sum of line totals, since tax may double it. */
export const LARGEST_AMOUNT_MINOR = 2_000_000_000_000_000;
const PLAIN = /^-?[0-9]+(?:\.[0-9]+)?$/;
const MOST_WHOLE_DIGITS = 16;

/** Throw TypeError unless `value` is text: a number may have gone through binary floats. */
export function requireText(value: unknown, name: string): asserts value is string {
  if (typeof value !== "string") {
    throw new TypeError(`${name} must be decimal text, not ${typeof value}`);
  }
}

/** Throw TypeError unless `value` is a whole number of minor units that a number holds exactly. */
export function requireMinor(value: unknown, name: string): asserts value is number {
  if (!Number.isSafeInteger(value)) {
    throw new TypeError(`${name} must be a whole number of minor units`);
  }
}

/**
 * Return `value` × 10^`places`. Throws TypeError for anything but text, and `code` for what is no plain number, is
 * 10^16 or above, or needs more than `places` decimals (trailing zeros do not count).
 */
export function scaleDecimal(value: string, places: number, name: string, code: MoneyErrorCode): bigint {
  requirePlain(value, name, code);
  const scaled = shiftExactly(value, places);
  if (scaled === null) {
    throw new MoneyError(code, `The ${name} may have at most ${places} decimals.`);
  }
  return scaled;
}

/** Throw TypeError for anything but text, and `code` for what is no plain number or is 10^16 or above. */
export function requirePlain(value: string, name: string, code: MoneyErrorCode): void {
  requireText(value, name);
  if (!PLAIN.test(value)) {
    throw new MoneyError(code, `The ${name} must be a number.`);
  }
  const whole = value.replace(/^-?0*/, "").replace(/\..*$/, "");
  if (whole.length > MOST_WHOLE_DIGITS) {
    throw new MoneyError(code, `The ${name} is too large.`);
  }
}

/** Return a plain decimal × 10^`places`, or null when that is not a whole number. */
export function shiftExactly(value: string, places: number): bigint | null {
  const point = value.indexOf(".");
  if (point < 0) {
    return BigInt(value) * 10n ** BigInt(places);
  }
  const decimals = value.slice(point + 1).replace(/0+$/, "");
  return decimals.length > places ? null : BigInt(value.slice(0, point) + decimals.padEnd(places, "0"));
}

/** Return `value` (not negative) ÷ 10^`places` as plain text without trailing zeros (210000, 4 → "21"). */
export function unscale(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, "0");
  const decimals = digits.slice(digits.length - places).replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - places);
  return decimals ? `${whole}.${decimals}` : whole;
}

/** Return the sum of numbers that are safe integers and few enough to stay so. */
export function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
