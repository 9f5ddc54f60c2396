import { describe, expect, it } from "vitest";

import { changeTicket, emptyTicket, priced, type Ticket } from "./ticket";
import type { Counting, Tile } from "./types";

const counting: Counting = {
  currency: "EUR",
  profile: { pricesIncludeTax: true, roundingLevel: "document", roundingMode: "half_up" },
  cashRounding: null,
};

function tile(id: string, price = "2.49", unit = "piece"): Tile {
  return {
    variant_id: id,
    name: id,
    sku: null,
    barcode: null,
    price,
    currency: "EUR",
    tax_rate: "20",
    unit,
    on_hand: null,
  };
}

function withTiles(...tiles: Tile[]): Ticket {
  return tiles.reduce((ticket, one) => changeTicket(ticket, { kind: "add", tile: one }), emptyTicket());
}

const selected = (ticket: Ticket) => ticket.selected ?? "";

describe("the ticket", () => {
  it("merges the same piece into one line and selects it", () => {
    const ticket = withTiles(tile("a"), tile("b"), tile("a"));
    expect(ticket.lines.map((line) => [line.tile.variant_id, line.quantity])).toEqual([
      ["a", "2"],
      ["b", "1"],
    ]);
    expect(ticket.lines[0]?.id).toBe(ticket.selected);
  });

  it("keeps weighed goods on lines of their own", () => {
    expect(withTiles(tile("a", "1.89", "kg"), tile("a", "1.89", "kg")).lines).toHaveLength(2);
  });

  it("starts a new line beside one with a discount", () => {
    const one = withTiles(tile("a"));
    const agreed = changeTicket(one, {
      kind: "discountLine",
      line: selected(one),
      discount: { percent: "30" },
    });
    expect(changeTicket(agreed, { kind: "add", tile: tile("a") }).lines.map((line) => line.quantity)).toEqual(
      ["1", "1"],
    );
  });

  it("takes the last piece off and puts it back where it was", () => {
    const ticket = withTiles(tile("a"), tile("b"), tile("c"));
    const middle = ticket.lines[1]?.id ?? "";
    const without = changeTicket(ticket, { kind: "less", line: middle });
    expect(without.lines.map((line) => line.tile.variant_id)).toEqual(["a", "c"]);
    const back = changeTicket(without, { kind: "undo" });
    expect(back.lines.map((line) => line.tile.variant_id)).toEqual(["a", "b", "c"]);
    expect(back.selected).toBe(middle);
  });

  it("moves the selection within its ends", () => {
    const ticket = withTiles(tile("a"), tile("b"));
    const down = changeTicket(ticket, { kind: "step", by: 1 });
    expect(down.selected).toBe(ticket.lines[1]?.id);
    expect(
      changeTicket(changeTicket(down, { kind: "step", by: -1 }), { kind: "step", by: -1 }).selected,
    ).toBe(ticket.lines[0]?.id);
  });

  it("keeps its id through every change and gets a new one when cleared", () => {
    const ticket = withTiles(tile("a"));
    expect(changeTicket(ticket, { kind: "more", line: selected(ticket) }).id).toBe(ticket.id);
    expect(changeTicket(ticket, { kind: "clear" }).id).not.toBe(ticket.id);
  });

  it("is priced like the server does: 0.864 kg at 1.89 is 1.63", () => {
    const ticket = changeTicket(emptyTicket(), {
      kind: "add",
      tile: tile("a", "1.89", "kg"),
      quantity: "0.864",
    });
    expect(priced(ticket, counting)?.totalMinor).toBe(163);
  });

  it("takes new prices without losing lines", () => {
    const ticket = withTiles(tile("a"), tile("b"));
    const repriced = changeTicket(ticket, { kind: "reprice", tiles: [tile("a", "3.00")] });
    expect(priced(repriced, counting)?.totalMinor).toBe(549);
  });

  it("keeps what was taken towards it until that is given back", () => {
    const card = { id: "t1", kind: "card" as const, amount_minor: 500 };
    const paid = changeTicket(withTiles(tile("a")), { kind: "take", tender: card });
    expect(changeTicket(paid, { kind: "more", line: selected(paid) }).taken).toEqual([card]);
    expect(changeTicket(paid, { kind: "giveBack", tender: "t1" }).taken).toEqual([]);
  });
});
