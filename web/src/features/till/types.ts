// What the till knows of the program's answers.
import type { RegisterOut, ShiftOut, StoreOut, TileOut } from "@/api";
import type { CashRounding } from "@/money/rounding";
import type { TaxProfile } from "@/money/tax";

export type Tile = TileOut;
export type Register = RegisterOut;
export type Shift = ShiftOut;

/** How a store counts: everything pricing and settling need. */
export interface Counting {
  currency: string;
  profile: TaxProfile;
  cashRounding: CashRounding | null;
}

export function countingOf(store: StoreOut, currency: string): Counting {
  const cash = store.cash_rounding;
  return {
    currency,
    profile: {
      pricesIncludeTax: store.prices_include_tax,
      roundingLevel: store.rounding_level,
      roundingMode: store.rounding_mode,
    },
    cashRounding:
      cash === null
        ? null
        : {
            incrementMinor: cash.increment_minor,
            dueTie: cash.due_tie,
            changeTie: cash.change_tie,
            aboveMinor: cash.above_minor,
          },
  };
}
