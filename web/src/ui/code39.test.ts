import { describe, expect, it } from "vitest";

import { bars, widthOf } from "./code39";

const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-";

/** Return bars and spaces of one sign as text, n and w, without its guards. */
function elements(sign: string): string {
  const drawn = bars(sign).slice(5, 10);
  return drawn
    .map(({ at, width }, index) => {
      const next = drawn[index + 1];
      const space = next === undefined ? "" : next.at - at - width > 1 ? "w" : "n";
      return (width > 1 ? "w" : "n") + space;
    })
    .join("");
}

describe("Code 39", () => {
  it("has three wide elements of nine in each sign, and no two signs alike", () => {
    const all = Array.from(SIGNS, elements);
    for (const one of all) expect([one.length, one.replaceAll("n", "").length]).toEqual([9, 3]);
    expect(new Set(all).size).toBe(SIGNS.length);
  });

  it("draws the signs as the standard's table does", () => {
    expect([elements("A"), elements("7"), elements("-")]).toEqual(["wnnnnwnnw", "nnnwnnwnw", "nwnnnnwnw"]);
  });

  it("is as wide as its signs: six narrow and three wide elements each, and a gap between", () => {
    expect(widthOf("TILL-CASH")).toBe(11 * 15 + 10);
  });

  it("refuses what it cannot draw", () => {
    expect(() => bars("ä")).toThrow(RangeError);
  });
});
