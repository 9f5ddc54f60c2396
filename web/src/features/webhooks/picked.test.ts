// Picking events for a webhook.
import { describe, expect, it } from "vitest";

import { countPicked, isPicked, isWider, lostOf, partsOf, pick } from "./picked";

const OFFERED = ["pos.sale_completed", "pos.shift_opened", "stock.adjusted"];
const POS = { name: "pos", events: ["pos.sale_completed", "pos.shift_opened"] };

describe("partsOf", () => {
  it("puts the events of a part together", () => {
    expect(partsOf(OFFERED)).toEqual([POS, { name: "stock", events: ["stock.adjusted"] }]);
  });
});

describe("pick", () => {
  it("adds an event once, and leaves it out again", () => {
    expect(pick(["stock.adjusted"], "pos.shift_opened", true)).toEqual([
      "stock.adjusted",
      "pos.shift_opened",
    ]);
    expect(pick(["stock.adjusted"], "stock.adjusted", true)).toEqual(["stock.adjusted"]);
    expect(pick(["stock.adjusted"], "stock.adjusted", false)).toEqual([]);
  });

  it("puts a whole part in the place of its events, and of no other's", () => {
    expect(pick(["pos.shift_opened", "positions.moved"], "pos.*", true)).toEqual([
      "positions.moved",
      "pos.*",
    ]);
  });

  it("puts everything in the place of all", () => {
    expect(pick(["pos.*", "stock.adjusted"], "*", true)).toEqual(["*"]);
    expect(pick(["*"], "*", false)).toEqual([]);
  });
});

describe("isPicked and isWider", () => {
  it.each([
    [["*"], "pos.shift_opened", true, true],
    [["*"], "pos.*", true, true],
    [["*"], "*", true, false],
    [["pos.*"], "pos.shift_opened", true, true],
    [["pos.*"], "pos.*", true, false],
    [["pos.*"], "stock.adjusted", false, false],
    [["pos.shift_opened"], "pos.shift_opened", true, false],
    [["pos.shift_opened"], "pos.*", false, false],
    [["pos.*"], "*", false, false],
  ])("of %j know %s", (picked, name, isIn, isHeld) => {
    expect(isPicked(picked, name)).toBe(isIn);
    expect(isWider(picked, name)).toBe(isHeld);
  });
});

describe("countPicked", () => {
  it("counts by name and by pattern", () => {
    expect(countPicked(["pos.shift_opened"], POS)).toBe(1);
    expect(countPicked(["pos.*"], POS)).toBe(2);
  });
});

describe("lostOf", () => {
  it("is what nobody offers any more", () => {
    expect(lostOf(["*", "pos.*", "crm.*", "crm.gone", "stock.adjusted"], OFFERED)).toEqual([
      "crm.*",
      "crm.gone",
    ]);
  });
});
