// Currencies with their own exponent, and amounts of them as text and as minor units (rules 1 and 2). Twin of
// currency.py.

import { MoneyError } from "./errors";
import { LARGEST_AMOUNT_MINOR, requireMinor, requireText, shiftExactly } from "./exact";

/** An ISO 4217 currency: its three-letter code and the number of decimals of its minor unit. */
export interface Currency {
  readonly code: string;
  readonly exponent: number;
}

const CODES_BY_EXPONENT: readonly (readonly [number, string])[] = [
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
  [
    2,
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW " +
      "CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF " +
      "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK " +
      "MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP " +
      "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG " +
      "YER ZAR ZMW ZWG",
  ],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
  [4, "CLF UYW"],
];
const PLAIN = /^-?[0-9]{1,16}(?:\.[0-9]{1,10})?$/;
const TYPED = /^-?[0-9]{1,16}(?:[.,][0-9]{1,10})?$/;

/** Return every code that `currency` knows, in alphabetical order. */
export function activeCodes(): string[] {
  return CODES_BY_EXPONENT.flatMap(([, codes]) => codes.split(" ")).sort();
}

/** Return the currency of an upper-case ISO 4217 code. Throws money.unknown_currency. */
export function currency(code: string): Currency {
  for (const [exponent, codes] of CODES_BY_EXPONENT) {
    if (codes.split(" ").includes(code)) {
      return { code, exponent };
    }
  }
  throw new MoneyError("money.unknown_currency", "The currency must be an active ISO 4217 code such as EUR.");
}

/**
 * Return an amount of major units as minor units ("12.50" EUR → 1250). Text must be plain digits with a decimal
 * point. Throws TypeError for numbers, money.too_many_decimals for more decimals than the currency has,
 * money.invalid_amount for other text and above 2 × 10^15 minor units.
 */
export function toMinor(amount: string, unit: Currency): number {
  return read(amount, PLAIN, unit);
}

/** Return what a person typed as minor units: outer spaces and a decimal comma are accepted, grouping is not. */
export function parseAmount(text: string, unit: Currency): number {
  requireText(text, "text");
  return read(text.trim(), TYPED, unit);
}

/** Return minor units as plain decimal text of major units (-5 EUR → "-0.05", 5 JPY → "5"). */
export function formatMinor(amountMinor: number, unit: Currency): string {
  requireMinor(amountMinor, "amountMinor");
  const digits = Math.abs(amountMinor)
    .toString()
    .padStart(unit.exponent + 1, "0");
  const whole = digits.slice(0, digits.length - unit.exponent);
  const sign = amountMinor < 0 ? "-" : "";
  return unit.exponent ? `${sign}${whole}.${digits.slice(whole.length)}` : sign + whole;
}

function read(text: string, grammar: RegExp, unit: Currency): number {
  requireText(text, "amount");
  if (!grammar.test(text)) {
    throw new MoneyError(
      "money.invalid_amount",
      "The amount must be digits with at most one decimal separator, such as 12.50.",
    );
  }
  const minor = shiftExactly(text.replace(",", "."), unit.exponent);
  if (minor === null) {
    const sentence = `An amount in ${unit.code} may have at most ${unit.exponent} decimals.`;
    throw new MoneyError("money.too_many_decimals", sentence);
  }
  if (minor > LARGEST_AMOUNT_MINOR || minor < -LARGEST_AMOUNT_MINOR) {
    throw new MoneyError("money.invalid_amount", "The amount is too large.");
  }
  return Number(minor);
}
