// Notes and coins by currency, in minor units: for quick amounts and for counting the drawer.
const TABLE: Record<string, readonly number[]> = {
  EUR: [20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  USD: [10000, 5000, 2000, 1000, 500, 100, 25, 10, 5, 1],
  GBP: [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1],
  CHF: [20000, 10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5],
  RUB: [500000, 200000, 100000, 50000, 20000, 10000, 5000, 1000, 500, 200, 100],
  JPY: [10000, 5000, 1000, 500, 100, 50, 10, 5, 1],
  SEK: [100000, 50000, 20000, 10000, 5000, 2000, 1000, 500, 200, 100],
};

const STEPS = [50_000, 20_000, 10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];
const SHOWN = 6;

/** Return the notes and coins of a currency, largest first; a plain 1-2-5 row where the table has none. */
export function denominations(code: string): readonly number[] {
  return TABLE[code] ?? STEPS;
}

/** Return what a customer is likely to hand over for `due`: exactly it, then the next round amounts up to a note. */
export function quickAmounts(due: number, code: string): number[] {
  const rounded = denominations(code)
    .filter((value) => value >= 100)
    .map((value) => Math.ceil(due / value) * value);
  const distinct = [...new Set([due, ...rounded])].filter((amount) => amount >= due);
  return distinct.sort((left, right) => left - right).slice(0, SHOWN);
}
