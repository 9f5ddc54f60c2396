// Sharing an amount out in whole minor units so that the parts always add up (rule 6). Twin of allocation.py.

import { MoneyError } from "./errors";
import { requireMinor } from "./exact";

/**
 * Share `totalMinor` out in proportion to `weights` by largest remainder.
 *
 * Every part is its exact share rounded down or up. Units left over go to the largest remainders; among equal
 * remainders to the heavier weight, then to the lower index. Weights that are all zero share equally; a negative total
 * gives the mirrored parts. Throws TypeError for fractions, money.invalid_allocation for a negative weight and for no
 * weights with a total.
 */
export function allocate(totalMinor: number, weights: readonly number[]): number[] {
  requireMinor(totalMinor, "totalMinor");
  for (const weight of weights) {
    requireMinor(weight, "weight");
    if (weight < 0) {
      throw new MoneyError("money.invalid_allocation", "A weight must not be negative.");
    }
  }
  if (totalMinor !== 0 && weights.length === 0) {
    throw new MoneyError("money.invalid_allocation", "An amount cannot be shared out among nobody.");
  }
  const parts = share(
    Math.abs(totalMinor),
    weights.some((weight) => weight > 0) ? weights : weights.map(() => 1),
  );
  return totalMinor < 0 ? parts.map((part) => 0 - part) : parts;
}

/** Do what `allocate` does for arguments already known to be good. */
export function share(totalMinor: number, weights: readonly number[]): number[] {
  if (totalMinor === 0) {
    return weights.map(() => 0);
  }
  const total = BigInt(totalMinor);
  const weightSum = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  const claims = weights.map((weight, index) => {
    const product = total * BigInt(weight);
    return { index, weight, part: Number(product / weightSum), remainder: product % weightSum };
  });
  const parts = claims.map((claim) => claim.part);
  const leftOver = totalMinor - parts.reduce((sum, part) => sum + part, 0);
  if (leftOver > 0) {
    claims.sort((a, b) => compare(b.remainder, a.remainder) || b.weight - a.weight || a.index - b.index);
    for (const claim of claims.slice(0, leftOver)) {
      parts[claim.index] = claim.part + 1;
    }
  }
  return parts;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
