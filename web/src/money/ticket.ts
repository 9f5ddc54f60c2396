// Pricing of a ticket in the fixed order list price, line discount, ticket discount, tax, cash rounding (rule 7). Twin
// of ticket.py: the same input gives the same output, proved by tradepost/money/vectors.json.

import { share } from "./allocation";
import type { Currency } from "./currency";
import { takeDiscount, type Discount } from "./discount";
import { MoneyError } from "./errors";
import { scaleDecimal, sum, unscale } from "./exact";
import { divideRounded, roundCashDue, type CashRounding } from "./rounding";
import {
  RATE_PLACES,
  requireProfile,
  taxAmounts,
  WHOLE,
  type TaxGroup,
  type TaxProfile,
  type TaxTreatment,
} from "./tax";

export const EXTRA_PRICE_PLACES = 4;
export const QUANTITY_PLACES = 3;
export const LARGEST_QUANTITY = 1_000_000n;
export const LARGEST_LINE_MINOR = 1_000_000_000_000n;
export const MOST_LINES = 1000;
const PRICE_UNIT = 10n ** BigInt(EXTRA_PRICE_PLACES);
const CATEGORY = /^[A-Z]{1,3}$/;

/**
 * What is sold on one line; decimals are text. `unitPrice` is in major units, net or gross as the profile says, with
 * up to 4 decimals more than the currency; `quantity` has up to `quantityPlaces` (0 to 3) decimals. `taxRate` is in
 * percent; where it consists of several taxes, `taxParts` lists their rates. `taxCategory` is the EN 16931 code.
 */
export interface TicketLine {
  readonly unitPrice: string;
  readonly quantity: string;
  readonly taxRate: string;
  readonly discount?: Discount | null | undefined;
  readonly taxParts?: readonly string[] | undefined;
  readonly taxCategory?: string | undefined;
  readonly quantityPlaces?: number | undefined;
}

/** A document to be priced: its currency, the store's profile, 1 to 1000 lines and what applies to all of them. */
export interface Ticket {
  readonly currency: Currency;
  readonly profile: TaxProfile;
  readonly lines: readonly TicketLine[];
  readonly discount?: Discount | null | undefined;
  readonly cashRounding?: CashRounding | null | undefined;
}

/**
 * A line in minor units: `listMinor` − `discountMinor` − `ticketDiscountMinor` = `totalMinor`, which is the gross when
 * prices include tax and the net otherwise; `netMinor` + `taxMinor` = `grossMinor`.
 */
export interface PricedLine {
  readonly listMinor: number;
  readonly discountMinor: number;
  readonly ticketDiscountMinor: number;
  readonly totalMinor: number;
  readonly netMinor: number;
  readonly taxMinor: number;
  readonly grossMinor: number;
}

/**
 * A priced document in minor units; every amount is the exact sum of the same amount of its lines. `subtotalMinor` is
 * before and `discountMinor` is the sum of all discounts, of which `ticketDiscountMinor` was given on the ticket.
 * `netMinor` + `taxMinor` = `totalMinor`, the amount to pay; `cashTotalMinor` is what to ask for when all of it is
 * paid in cash. `taxes` come by falling rate.
 */
export interface PricedTicket {
  readonly lines: readonly PricedLine[];
  readonly taxes: readonly TaxGroup[];
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly ticketDiscountMinor: number;
  readonly netMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly cashTotalMinor: number;
}

/** A line between the steps. */
interface Working {
  readonly treatment: TaxTreatment;
  readonly listMinor: number;
  readonly discountMinor: number;
  ticketDiscountMinor: number;
  totalMinor: number;
  taxMinor: number;
}

interface Group {
  readonly treatment: TaxTreatment;
  readonly lines: Working[];
}

/**
 * Price a ticket. Lines keep their order; the document's amounts do not depend on it. Throws MoneyError with the index
 * of the line in `line`; TypeError where a number stands instead of decimal text.
 */
export function priceTicket(ticket: Ticket): PricedTicket {
  if (ticket.lines.length === 0) {
    throw new MoneyError("money.empty_ticket", "The ticket has no lines.");
  }
  if (ticket.lines.length > MOST_LINES) {
    throw new MoneyError("money.too_many_lines", `A ticket may have at most ${MOST_LINES} lines.`);
  }
  requireProfile(ticket.profile);
  const work = ticket.lines.map((line, index) => priceLine(index, line, ticket));
  const groups = groupLines(work);
  apportionDiscount(ticket, groups);
  const taxes = groups.map((group) => taxGroup(group, ticket.profile));
  const lines = work.map((line) => pricedLine(line, ticket.profile.pricesIncludeTax));
  return pricedTicket(lines, taxes, ticket.cashRounding ?? null);
}

function priceLine(index: number, line: TicketLine, ticket: Ticket): Working {
  try {
    const listMinor = listPrice(line, ticket);
    const discountMinor = takeDiscount(line.discount ?? null, listMinor, ticket.profile.roundingMode);
    const totalMinor = listMinor - discountMinor;
    return {
      treatment: treatmentOf(line),
      listMinor,
      discountMinor,
      ticketDiscountMinor: 0,
      totalMinor,
      taxMinor: 0,
    };
  } catch (error) {
    if (error instanceof MoneyError) {
      error.line = index;
    }
    throw error;
  }
}

function listPrice(line: TicketLine, ticket: Ticket): number {
  const pricePlaces = ticket.currency.exponent + EXTRA_PRICE_PLACES;
  const price = scaleDecimal(line.unitPrice, pricePlaces, "unit price", "money.invalid_price");
  if (price < 0n) {
    throw new MoneyError("money.invalid_price", "The unit price must not be negative.");
  }
  const places = line.quantityPlaces ?? QUANTITY_PLACES;
  if (![0, 1, 2, 3].includes(places)) {
    throw new MoneyError("money.invalid_quantity", "A unit of quantity has 0 to 3 decimals.");
  }
  const quantity = scaleDecimal(line.quantity, places, "quantity", "money.invalid_quantity");
  const unit = 10n ** BigInt(places);
  if (quantity <= 0n || quantity > LARGEST_QUANTITY * unit) {
    throw new MoneyError("money.invalid_quantity", "The quantity must be above 0 and at most 1,000,000.");
  }
  const listMinor = divideRounded(price * quantity, PRICE_UNIT * unit, ticket.profile.roundingMode);
  if (listMinor > LARGEST_LINE_MINOR) {
    throw new MoneyError("money.amount_too_large", "The total of the line is too large.");
  }
  return Number(listMinor);
}

function treatmentOf(line: TicketLine): TaxTreatment {
  const category = line.taxCategory ?? "S";
  const rate = scaleRate(line.taxRate);
  if (rate < 0n || rate > WHOLE) {
    throw new MoneyError("money.invalid_tax_rate", "The tax rate must be between 0 and 100 percent.");
  }
  if (!CATEGORY.test(category)) {
    const sentence = "The tax category must be one to three capital letters, such as S.";
    throw new MoneyError("money.invalid_tax_rate", sentence);
  }
  if (!line.taxParts?.length) {
    return { rate, parts: [rate], category };
  }
  const parts = line.taxParts.map(scaleRate);
  const partSum = parts.reduce((total, part) => total + part, 0n);
  if (parts.some((part) => part < 0n) || partSum !== rate) {
    throw new MoneyError("money.invalid_tax_rate", "The parts of a tax rate must add up to it.");
  }
  return { rate, parts, category };
}

function scaleRate(rate: string): bigint {
  return scaleDecimal(rate, RATE_PLACES, "tax rate", "money.invalid_tax_rate");
}

/** The order of the groups must not depend on the order of the lines: ties are decided along it. */
function groupLines(work: readonly Working[]): Group[] {
  const groups = new Map<string, Group>();
  for (const line of work) {
    const key = `${line.treatment.category} ${line.treatment.parts.join(" ")}`;
    const group = groups.get(key);
    if (group) {
      group.lines.push(line);
    } else {
      groups.set(key, { treatment: line.treatment, lines: [line] });
    }
  }
  return [...groups.values()].sort((a, b) => compareTreatments(b.treatment, a.treatment));
}

function compareTreatments(a: TaxTreatment, b: TaxTreatment): number {
  if (a.rate !== b.rate) {
    return a.rate < b.rate ? -1 : 1;
  }
  for (const [index, part] of a.parts.entries()) {
    const other = b.parts[index];
    if (other === undefined) {
      return 1;
    }
    if (part !== other) {
      return part < other ? -1 : 1;
    }
  }
  if (a.parts.length < b.parts.length) {
    return -1;
  }
  return a.category < b.category ? -1 : 1;
}

/**
 * First to the tax groups, then inside each to its lines: so the document's tax does not change when a line is split
 * or moved, and each group's part is the allowance an e-invoice wants per tax rate.
 */
function apportionDiscount(ticket: Ticket, groups: readonly Group[]): void {
  if (!ticket.discount) {
    return;
  }
  const sums = groups.map((group) => sum(group.lines.map((line) => line.totalMinor)));
  const discountMinor = takeDiscount(ticket.discount, sum(sums), ticket.profile.roundingMode);
  const byGroup = share(discountMinor, sums);
  groups.forEach((group, index) => {
    const parts = share(
      byGroup[index] ?? 0,
      group.lines.map((line) => line.totalMinor),
    );
    group.lines.forEach((line, position) => {
      const part = parts[position] ?? 0;
      line.ticketDiscountMinor = part;
      line.totalMinor -= part;
    });
  });
}

function taxGroup(group: Group, profile: TaxProfile): TaxGroup {
  const { treatment, lines } = group;
  const amounts = lines.map((line) => line.totalMinor);
  const { byAmount, byPart } = taxAmounts(amounts, treatment, profile);
  lines.forEach((line, index) => {
    line.taxMinor = byAmount[index] ?? 0;
  });
  const total = sum(amounts);
  const taxMinor = sum(byPart);
  const netMinor = profile.pricesIncludeTax ? total - taxMinor : total;
  return {
    category: treatment.category,
    rate: unscale(treatment.rate, RATE_PLACES),
    netMinor,
    taxMinor,
    grossMinor: netMinor + taxMinor,
    parts: treatment.parts.map((rate, index) => ({
      rate: unscale(rate, RATE_PLACES),
      taxMinor: byPart[index] ?? 0,
    })),
  };
}

function pricedLine(line: Working, isGross: boolean): PricedLine {
  const { listMinor, discountMinor, ticketDiscountMinor, totalMinor, taxMinor } = line;
  const netMinor = isGross ? totalMinor - taxMinor : totalMinor;
  const grossMinor = netMinor + taxMinor;
  return { listMinor, discountMinor, ticketDiscountMinor, totalMinor, netMinor, taxMinor, grossMinor };
}

function pricedTicket(
  lines: readonly PricedLine[],
  taxes: readonly TaxGroup[],
  cashRounding: CashRounding | null,
): PricedTicket {
  const ticketDiscountMinor = sum(lines.map((line) => line.ticketDiscountMinor));
  const totalMinor = sum(taxes.map((group) => group.grossMinor));
  return {
    lines,
    taxes,
    subtotalMinor: sum(lines.map((line) => line.listMinor)),
    discountMinor: sum(lines.map((line) => line.discountMinor)) + ticketDiscountMinor,
    ticketDiscountMinor,
    netMinor: sum(taxes.map((group) => group.netMinor)),
    taxMinor: sum(taxes.map((group) => group.taxMinor)),
    totalMinor,
    cashTotalMinor: roundCashDue(totalMinor, cashRounding),
  };
}
