// Money, quantities and prices on screen: exact decimal text formatted by locale, never through a float.
import { useFormatter, useLocale, useTranslations } from "use-intl";

import { currency as currencyOf, formatMinor } from "@/money/currency";

// Intl takes exact decimal text; the type in TypeScript's library lags behind.
type Exact = Intl.StringNumericLiteral;

const formats = new Map<string, Intl.NumberFormat>();

/** Making a format costs a hundred times more than using it, and a ticket uses many. */
function formatFor(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale, options);
  formats.set(key, made);
  return made;
}

/** Return "€12.40" (or the locale's form) for 1240 minor units. */
export function useMoney(): (minor: number, code: string) => string {
  const locale = useLocale();
  return (minor, code) =>
    formatFor(locale, {
      style: "currency",
      currency: code,
      currencyDisplay: "narrowSymbol",
    }).format(formatMinor(minor, currencyOf(code)) as Exact);
}

/** Return "12.40" without a symbol, for columns of one currency. */
export function useAmount(): (minor: number, code: string) => string {
  const locale = useLocale();
  return (minor, code) => {
    const unit = currencyOf(code);
    return formatFor(locale, {
      minimumFractionDigits: unit.exponent,
      maximumFractionDigits: unit.exponent,
    }).format(formatMinor(minor, unit) as Exact);
  };
}

/** Return a unit price (exact decimal text) with at least the currency's decimals. */
export function usePrice(): (price: string, code: string) => string {
  const locale = useLocale();
  return (price, code) =>
    formatFor(locale, {
      minimumFractionDigits: currencyOf(code).exponent,
      maximumFractionDigits: 6,
    }).format(price as Exact);
}

/** Return a quantity or rate (exact decimal text) as the locale writes it. */
export function useDecimal(): (value: string) => string {
  const locale = useLocale();
  return (value) => formatFor(locale, { maximumFractionDigits: 6 }).format(value as Exact);
}

/** Return a quantity with the sign of its unit: "0.864 kg", and "3" for pieces. */
export function useQuantity(): (value: string, unit: string) => string {
  const decimal = useDecimal();
  const t = useTranslations("common");
  return (value, unit) =>
    unit === "piece" ? decimal(value) : `${decimal(value)} ${t("unitSign", { unit })}`;
}

export function Money({
  minor,
  currency,
  className = "",
}: {
  minor: number;
  currency: string;
  className?: string;
}) {
  const money = useMoney();
  return <span className={`tabular ${className}`}>{money(minor, currency)}</span>;
}

/** Return a moment as the store's wall clock shows it. */
export function useMoment(): (moment: string, zone?: string) => string {
  const format = useFormatter();
  return (moment, zone) =>
    format.dateTime(new Date(moment), {
      dateStyle: "medium",
      timeStyle: "short",
      ...(zone === undefined ? {} : { timeZone: zone }),
    });
}

export function useTime(): (moment: string, zone?: string) => string {
  const format = useFormatter();
  return (moment, zone) =>
    format.dateTime(new Date(moment), {
      timeStyle: "short",
      ...(zone === undefined ? {} : { timeZone: zone }),
    });
}

/** Return a business day ("2026-11-21") as the locale writes it. */
export function useDay(): (day: string) => string {
  const format = useFormatter();
  return (day) => format.dateTime(new Date(`${day}T12:00:00Z`), { dateStyle: "full", timeZone: "UTC" });
}
