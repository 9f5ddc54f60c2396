// Tax profile of a jurisdiction, and tax added to or carved out of amounts (rules 3, 4 and 5). Twin of tax.py.

import { share } from "./allocation";
import { sum } from "./exact";
import { divideRounded, requireMode, type RoundingMode } from "./rounding";

export const RATE_PLACES = 4;
export const WHOLE = 100n * 10n ** BigInt(RATE_PLACES);

/** Where tax is rounded: on every line, or once per tax group of the document. */
export const ROUNDING_LEVELS = ["line", "document"] as const;
export type RoundingLevel = (typeof ROUNDING_LEVELS)[number];

/** How a jurisdiction counts: stored on the document, because it must be computed again the same way later. */
export interface TaxProfile {
  readonly pricesIncludeTax: boolean;
  readonly roundingLevel: RoundingLevel;
  readonly roundingMode: RoundingMode;
}

/** What lines must share to be taxed as one group; rates are percent × 10^RATE_PLACES, `parts` add up to `rate`. */
export interface TaxTreatment {
  readonly rate: bigint;
  readonly parts: readonly bigint[];
  readonly category: string;
}

/** One of the taxes inside a rate, e.g. the 9.975 of Quebec's 14.975 percent. */
export interface TaxPart {
  readonly rate: string;
  readonly taxMinor: number;
}

/** Taxes of one (category, rate): `netMinor` + `taxMinor` = `grossMinor`; `parts` add up to the tax. */
export interface TaxGroup {
  readonly category: string;
  readonly rate: string;
  readonly netMinor: number;
  readonly taxMinor: number;
  readonly grossMinor: number;
  readonly parts: readonly TaxPart[];
}

/** The tax of each amount, and the sums of the tax by part of the rate; both add up to the same. */
export interface TaxAmounts {
  readonly byAmount: readonly number[];
  readonly byPart: readonly number[];
}

/** Throw TypeError for a profile with unknown words: it comes from outside, where the compiler does not look. */
export function requireProfile(profile: TaxProfile): void {
  requireMode(profile.roundingMode);
  if (!ROUNDING_LEVELS.some((known) => known === profile.roundingLevel)) {
    throw new TypeError(`${profile.roundingLevel} is no rounding level`);
  }
}

/**
 * Return the tax of `amounts`, net or gross as the profile says. At document level the tax of the sum is apportioned
 * to the amounts by largest remainder; at line level the sums follow from the lines.
 */
export function taxAmounts(
  amounts: readonly number[],
  treatment: TaxTreatment,
  profile: TaxProfile,
): TaxAmounts {
  if (profile.roundingLevel === "document") {
    const byPart = taxParts(sum(amounts), treatment, profile);
    return { byAmount: share(sum(byPart), amounts), byPart };
  }
  const parts = amounts.map((amount) => taxParts(amount, treatment, profile));
  const byPart = treatment.parts.map((_, index) => sum(parts.map((row) => row[index] ?? 0)));
  return { byAmount: parts.map(sum), byPart };
}

/**
 * On top of a net price each tax is rounded by itself, as its law says. Out of a gross price the whole tax is rounded
 * once and then split: rounding each part could take out more than there is.
 */
function taxParts(amountMinor: number, treatment: TaxTreatment, profile: TaxProfile): number[] {
  const amount = BigInt(amountMinor);
  if (!profile.pricesIncludeTax) {
    return treatment.parts.map((rate) => Number(divideRounded(amount * rate, WHOLE, profile.roundingMode)));
  }
  const whole = Number(divideRounded(amount * treatment.rate, WHOLE + treatment.rate, profile.roundingMode));
  return treatment.parts.length === 1 ? [whole] : share(whole, treatment.parts.map(Number));
}
