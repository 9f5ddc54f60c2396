// Settlement of a total by tenders: cash rounding on the cash part only, change from cash only (rule 8). Twin of
// tender.py.

import { MoneyError, TenderTooHigh, TenderTooLow } from "./errors";
import { LARGEST_AMOUNT_MINOR, requireMinor } from "./exact";
import { requireCashRounding, roundCashDue, roundToMultiple, type CashRounding } from "./rounding";

export const CASH = "cash";

/** An amount handed over; kind "cash" is cash, any other is exact. */
export interface Tender {
  readonly kind: string;
  readonly amountMinor: number;
}

/**
 * How a total was paid, in minor units; receipts print `totalMinor` and `payableMinor`. `payableMinor` = `totalMinor` +
 * `roundingMinor` = `nonCashMinor` + `cashKeptMinor`, and `cashKeptMinor` = `cashTenderedMinor` − `changeMinor`.
 * `cashDueMinor` is what was asked for in cash.
 */
export interface Settlement {
  readonly totalMinor: number;
  readonly roundingMinor: number;
  readonly payableMinor: number;
  readonly nonCashMinor: number;
  readonly cashDueMinor: number;
  readonly cashTenderedMinor: number;
  readonly cashKeptMinor: number;
  readonly changeMinor: number;
}

/**
 * Settle `totalMinor`. Cash is rounded only where cash is tendered; a cash tender of 0 says that a cash part which
 * rounds to zero is paid in cash. Who pays exactly the rounded due gets no change; otherwise change is the exact
 * difference, rounded with the change tie. Throws TenderTooLow, TenderTooHigh, money.invalid_tender,
 * money.invalid_amount; TypeError for fractions.
 */
export function settle(
  totalMinor: number,
  tenders: readonly Tender[],
  cashRounding: CashRounding | null,
): Settlement {
  requireMinor(totalMinor, "totalMinor");
  if (totalMinor < 0 || totalMinor > LARGEST_AMOUNT_MINOR) {
    throw new MoneyError("money.invalid_amount", "The total must be between 0 and 2 × 10^15 minor units.");
  }
  if (cashRounding !== null) {
    requireCashRounding(cashRounding);
  }
  const { nonCash, tendered, hasCash } = sumTenders(tenders);
  if (nonCash > totalMinor) {
    throw new TenderTooHigh(nonCash - totalMinor);
  }
  const exactDue = totalMinor - nonCash;
  const due = hasCash ? roundCashDue(exactDue, cashRounding) : exactDue;
  if (tendered < due) {
    throw new TenderTooLow(due - tendered);
  }
  const change = changeFor(exactDue, due, tendered, cashRounding);
  const kept = tendered - change;
  return {
    totalMinor,
    roundingMinor: kept - exactDue,
    payableMinor: nonCash + kept,
    nonCashMinor: nonCash,
    cashDueMinor: due,
    cashTenderedMinor: tendered,
    cashKeptMinor: kept,
    changeMinor: change,
  };
}

function changeFor(exactDue: number, due: number, tendered: number, rounding: CashRounding | null): number {
  if (rounding === null || exactDue <= (rounding.aboveMinor ?? 0)) {
    return tendered - due;
  }
  if (tendered === due) {
    return 0;
  }
  const change = roundToMultiple(tendered - exactDue, rounding.incrementMinor, rounding.changeTie);
  // Small coins that are not multiples of the increment must not turn change into a demand or into a gift.
  return Math.min(Math.max(change, 0), tendered);
}

interface TenderSums {
  readonly nonCash: number;
  readonly tendered: number;
  readonly hasCash: boolean;
}

function sumTenders(tenders: readonly Tender[]): TenderSums {
  let nonCash = 0;
  let tendered = 0;
  let hasCash = false;
  for (const { kind, amountMinor } of tenders) {
    requireMinor(amountMinor, "amountMinor");
    if (!kind) {
      throw new MoneyError("money.invalid_tender", "A tender must say what kind it is.");
    }
    if (kind === CASH) {
      tendered += amountMinor;
      hasCash = true;
    } else {
      nonCash += amountMinor;
    }
    if (amountMinor < 0 || (amountMinor === 0 && kind !== CASH)) {
      throw new MoneyError("money.invalid_tender", "A tender must be above zero.");
    }
    if (Math.max(tendered, nonCash) > LARGEST_AMOUNT_MINOR) {
      throw new MoneyError("money.invalid_tender", "The amount paid is too large.");
    }
  }
  return { nonCash, tendered, hasCash };
}
