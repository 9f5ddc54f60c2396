// What the till knows of the program's answers.
import type { CashRounding } from "@/money/rounding";
import type { TaxProfile } from "@/money/tax";

export interface Tile {
  variant_id: string;
  name: string;
  sku: string | null;
  barcode: string | null;
  price: string;
  currency: string;
  tax_rate: string;
  unit: string;
  on_hand: string | null;
}

export interface Register {
  id: string;
  code: string;
  name: string;
  store_id: string;
  store_name: string;
  open_shift: { id: string; opened_at: string; opened_by_name: string; float_minor: number } | null;
}

export interface Shift {
  id: string;
  register_id: string;
  currency: string;
  opened_at: string;
  opened_by_name: string;
  float_minor: number;
  closed_at: string | null;
  counted_minor: number | null;
  expected_minor: number | null;
  difference_minor: number | null;
  sales_count: number;
  takings_minor: number;
  cash_minor: number;
  card_minor: number;
}

export interface Store {
  id: string;
  name: string;
  time_zone: string;
  prices_include_tax: boolean;
  rounding_level: TaxProfile["roundingLevel"];
  rounding_mode: TaxProfile["roundingMode"];
  cash_rounding: {
    increment_minor: number;
    due_tie: CashRounding["dueTie"];
    change_tie: CashRounding["changeTie"];
    above_minor?: number;
  } | null;
}

export interface Shop {
  business: { name: string; currency: string; currency_exponent: number } | null;
  stores: Store[];
}

/** How a store counts: everything pricing and settling need. */
export interface Counting {
  currency: string;
  profile: TaxProfile;
  cashRounding: CashRounding | null;
}

export function countingOf(store: Store, currency: string): Counting {
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
