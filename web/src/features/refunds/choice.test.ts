import { describe, expect, it } from "vitest";

import type { LineLeftOut, SaleLeftOut } from "@/api";

import { comingBack, everything, leftOf, linesOf, payoutOf, quantityOf, tendersOf, worthOf } from "./choice";

const ROUNDING = { incrementMinor: 5, dueTie: "half_up", changeTie: "half_down" } as const;

const line = (changed: Partial<LineLeftOut> = {}): LineLeftOut => ({
  line_id: "a",
  name: "Jam",
  unit: "piece",
  quantity: "3",
  refunded_quantity: "1",
  net_minor: 833,
  tax_minor: 167,
  ...changed,
});

const sale = (lines: LineLeftOut[], changed: Partial<SaleLeftOut> = {}): SaleLeftOut => ({
  sale_id: "s",
  currency: "EUR",
  rounding_mode: "half_up",
  lines,
  payable_minor: 667,
  card_minor: 0,
  refunds: [],
  ...changed,
});

const chosen = (text: string, isDamaged = false) => ({ a: { text, isDamaged } });

describe("what is left of a line", () => {
  it.each([
    ["3", "1", "2"],
    ["2.75", "0.333", "2.417"],
    ["1.5", "0.5", "1"],
    ["2", "2", "0"],
  ])("%s less %s is %s", (quantity, refunded, left) => {
    expect(leftOf(line({ quantity, refunded_quantity: refunded }))).toBe(left);
  });

  it("is the most that comes back of it, in whole pieces", () => {
    expect(["2", "3", "0", "1.5", "x"].map((text) => quantityOf(line(), { text, isDamaged: false }))).toEqual(
      ["2", null, null, null, null],
    );
    expect(quantityOf(line({ unit: "kg" }), { text: "1,5", isDamaged: false })).toBe("1.5");
  });

  it("is chosen all at once, but for what is back already", () => {
    const left = sale([line(), line({ line_id: "b", refunded_quantity: "3" })]);
    expect(everything(left)).toEqual({ a: { text: "2", isDamaged: false } });
  });
});

describe("what is given back", () => {
  it("is the line's share of what it cost", () => {
    expect(worthOf(sale([line()]), line(), "1")).toBe(334);
  });

  it("is nothing while nothing is chosen or something is wrong", () => {
    expect(payoutOf(sale([line()]), {}, "cash", null)).toBeNull();
    expect(payoutOf(sale([line()]), chosen("9"), "cash", null)).toBeNull();
    expect(comingBack(sale([line()]), chosen("9"))[0]?.quantity).toBeNull();
  });

  it("is rounded in cash, and all that is left in the end", () => {
    const left = sale([line()], { payable_minor: 665 });
    expect(payoutOf(left, chosen("1"), "cash", ROUNDING)).toMatchObject({ totalMinor: 334, cashMinor: 335 });
    expect(payoutOf(left, chosen("2"), "cash", ROUNDING)).toMatchObject({ totalMinor: 667, cashMinor: 665 });
  });

  it("goes onto a card as far as it paid, and the rest out of the drawer", () => {
    const left = sale([line()], { card_minor: 400 });
    const payout = payoutOf(left, chosen("2", true), "card", null);
    expect(payout).toEqual({
      totalMinor: 667,
      payableMinor: 667,
      cashMinor: 267,
      cardMinor: 400,
      hasCash: true,
    });
    let count = 0;
    const card = { reference: " R-1 ", lastFour: "4242" };
    expect(payout && tendersOf(payout, card, () => `id ${(count += 1)}`)).toEqual([
      { id: "id 1", kind: "card", amount_minor: 400, reference: "R-1", card_last4: "4242" },
      { id: "id 2", kind: "cash", amount_minor: 267 },
    ]);
    expect(linesOf(left, chosen("2", true))).toEqual([{ line_id: "a", quantity: "2", goods: "damaged" }]);
  });

  it("is no cash when the card takes all of it", () => {
    const left = sale([line()], { card_minor: 667 });
    expect(payoutOf(left, chosen("1"), "card", ROUNDING)).toMatchObject({
      cashMinor: 0,
      cardMinor: 334,
      hasCash: false,
    });
  });
});
