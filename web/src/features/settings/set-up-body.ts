// What a person types to set up a shop, and what the program is told.
import type { BusinessIn, TaxRateIn } from "@/api";

export interface Entered {
  name: string;
  currency: string;
  country: string;
  zone: string;
  rates: string;
  storeName: string;
  storeCode: string;
  isInclusive: boolean;
}

/** Return tax rates as people write them in a row: "20 10 5,5", "20%; 10%", "20, 10"; each once, in their order. */
export function readRates(text: string): TaxRateIn[] {
  const rates = text
    .split(/[\s;%]+|,(?!\d)/)
    .map((rate) => rate.replace(",", "."))
    .filter((rate) => rate !== "");
  return [...new Set(rates)].map((rate) => ({ rate, name: `${rate} %` }));
}

/** Return the business with its first store, whose id the client has made. */
export function bodyOf(storeId: string, entered: Entered): BusinessIn {
  return {
    name: entered.name,
    currency: entered.currency,
    country: entered.country,
    time_zone: entered.zone,
    tax_rates: readRates(entered.rates),
    store: {
      id: storeId,
      code: entered.storeCode,
      name: entered.storeName,
      time_zone: entered.zone,
      prices_include_tax: entered.isInclusive,
    },
  };
}
