import { describe, expect, it } from "vitest";

import { hasDiscount, saleBody } from "./sale-body";
import { changeTicket, emptyTicket, priced, type Ticket } from "./ticket";
import type { Counting, Tile } from "./types";

const counting: Counting = {
  currency: "EUR",
  profile: { pricesIncludeTax: true, roundingLevel: "document", roundingMode: "half_up" },
  cashRounding: null,
};
const bag: Tile = {
  variant_id: "bag",
  name: "Bag",
  sku: null,
  barcode: null,
  price: "0.10",
  currency: "EUR",
  tax_rate: "20",
  unit: "piece",
  on_hand: null,
};
const place = { register: "HS1", shift: "today", mark: null };
const onePercent = { percent: "1" };
const plain = changeTicket(emptyTicket(), { kind: "add", tile: bag });
const ofTicket = changeTicket(plain, { kind: "discountTicket", discount: onePercent });
const ofLine = changeTicket(plain, {
  kind: "discountLine",
  line: plain.selected ?? "",
  discount: onePercent,
});

const asks = (ticket: Ticket) => hasDiscount(saleBody(ticket, place, 10, []));

describe("a discount on a ticket", () => {
  it("is one though it takes nothing off", () => {
    expect([ofTicket, ofLine].map((one) => priced(one, counting)?.discountMinor)).toEqual([0, 0]);
    expect([ofTicket, ofLine].map(asks)).toEqual([true, true]);
  });

  it("is none where nobody gave one", () => {
    expect(asks(plain)).toBe(false);
    expect(asks(changeTicket(ofTicket, { kind: "discountTicket", discount: null }))).toBe(false);
  });
});
