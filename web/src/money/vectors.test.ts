// The web till's money engine gives exactly what stands in the vectors that the server's engine gives too.

import { describe, expect, it } from "vitest";

import raw from "../../../tradepost/src/tradepost/money/vectors.json?raw";
import { allocate } from "./allocation";
import { activeCodes, currency, formatMinor, parseAmount, toMinor } from "./currency";
import type { Discount } from "./discount";
import { MoneyError, TenderTooHigh, TenderTooLow } from "./errors";
import { type GivenBack, giveBack, roundCashBack, type SoldLine, toPayOut } from "./refund";
import { roundToMinor, type CashRounding, type RoundingMode } from "./rounding";
import type { TaxProfile } from "./tax";
import { settle, type Settlement, type Tender } from "./tender";
import { priceTicket, type PricedTicket, type Ticket, type TicketLine } from "./ticket";

interface Refusal {
  readonly code: string;
  readonly line?: number;
  readonly missingMinor?: number;
  readonly excessMinor?: number;
}

interface Outcome<Result> {
  readonly result?: Result;
  readonly error?: Refusal;
}

interface PaymentCase extends Outcome<Settlement> {
  readonly tenders: readonly Tender[];
}

interface TicketCase extends Outcome<PricedTicket> {
  readonly name: string;
  readonly ticket: {
    readonly currency: string;
    readonly profile: TaxProfile;
    readonly lines: readonly TicketLine[];
    readonly discount?: Discount;
    readonly cashRounding?: CashRounding;
  };
  readonly payments?: readonly PaymentCase[];
}

interface AmountCase {
  readonly text: string;
  readonly currency: string;
  readonly plain: Outcome<number>;
  readonly typed: Outcome<number>;
  readonly written: string | null;
}

interface RefundCase {
  readonly line: SoldLine;
  readonly mode: RoundingMode;
  readonly parts: readonly ({ readonly before: string; readonly quantity: string } & Outcome<GivenBack>)[];
}

interface RepaymentCase {
  readonly totalMinor: number;
  readonly leftMinor: number;
  readonly isLast: boolean;
  readonly cashRounding: CashRounding | null;
  readonly dueMinor: number;
  readonly cashMinor: number;
}

interface Vectors {
  readonly refunds: readonly RefundCase[];
  readonly repayments: readonly RepaymentCase[];
  readonly currencies: readonly { readonly code: string; readonly exponent: number }[];
  readonly amounts: readonly AmountCase[];
  readonly roundings: readonly ({ readonly amount: string; readonly mode: RoundingMode } & Outcome<number>)[];
  readonly allocations: readonly ({ readonly totalMinor: number; readonly weights: number[] } & Outcome<
    number[]
  >)[];
  readonly tickets: readonly TicketCase[];
}

/** The file is written for Python: its names become those of TypeScript while it is read. */
function camelKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  const rename = (name: string): string =>
    name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), member as unknown]));
}

const vectors = JSON.parse(raw, camelKeys) as Vectors;

function outcome<Result>(compute: () => Result): Outcome<Result> {
  try {
    return { result: compute() };
  } catch (error) {
    if (!(error instanceof MoneyError)) {
      throw error;
    }
    return {
      error: {
        code: error.code,
        ...(error.line === null ? {} : { line: error.line }),
        ...(error instanceof TenderTooLow ? { missingMinor: error.missingMinor } : {}),
        ...(error instanceof TenderTooHigh ? { excessMinor: error.excessMinor } : {}),
      },
    };
  }
}

function expected<Result>(vector: Outcome<Result>): Outcome<Result> {
  return vector.error ? { error: vector.error } : { result: vector.result as Result };
}

function read(ticket: TicketCase["ticket"]): Ticket {
  return { ...ticket, currency: currency(ticket.currency) };
}

describe("the vectors", () => {
  it("are many", () => {
    expect(vectors.tickets.length).toBeGreaterThan(120);
    expect(vectors.tickets.flatMap((vector) => vector.payments ?? []).length).toBeGreaterThan(400);
  });

  it.each(vectors.tickets)("price: $name", (vector) => {
    expect(outcome(() => priceTicket(read(vector.ticket)))).toEqual(expected(vector));
  });

  it.each(vectors.tickets.filter((vector) => vector.payments?.length))("settle: $name", (vector) => {
    const totalMinor = priceTicket(read(vector.ticket)).totalMinor;
    for (const payment of vector.payments ?? []) {
      const settled = outcome(() => settle(totalMinor, payment.tenders, vector.ticket.cashRounding ?? null));
      expect(settled).toEqual(expected(payment));
    }
  });

  it("name the currencies", () => {
    expect(activeCodes().map((code) => currency(code))).toEqual(vectors.currencies);
  });

  it.each(vectors.amounts)("read $text in $currency", (vector) => {
    const unit = currency(vector.currency);
    expect(outcome(() => toMinor(vector.text, unit))).toEqual(expected(vector.plain));
    expect(outcome(() => parseAmount(vector.text, unit))).toEqual(expected(vector.typed));
    if (vector.typed.result !== undefined) {
      expect(formatMinor(vector.typed.result, unit)).toBe(vector.written);
    }
  });

  it.each(vectors.roundings)("round $amount $mode", (vector) => {
    expect(outcome(() => roundToMinor(vector.amount, vector.mode))).toEqual(expected(vector));
  });

  it.each(vectors.refunds)(
    "give back of $line.quantity for $line.netMinor by $mode",
    ({ line, mode, parts }) => {
      for (const part of parts) {
        expect(outcome(() => giveBack(line, part.before, part.quantity, mode))).toEqual(expected(part));
      }
    },
  );

  it.each(vectors.repayments)("pay out $totalMinor of $leftMinor, last: $isLast", (vector) => {
    const due = toPayOut(vector.totalMinor, vector.leftMinor, vector.isLast);
    expect(due).toBe(vector.dueMinor);
    expect(roundCashBack(due, vector.leftMinor, vector.cashRounding)).toBe(vector.cashMinor);
  });

  it.each(vectors.allocations)("share $totalMinor by $weights", (vector) => {
    expect(outcome(() => allocate(vector.totalMinor, vector.weights))).toEqual(expected(vector));
  });
});
