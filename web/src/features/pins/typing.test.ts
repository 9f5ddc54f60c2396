import { describe, expect, it } from "vitest";

import { isForPad, typed } from "./typing";

describe("typing a PIN", () => {
  it("adds digits up to eight", () => {
    expect(typed("482", "7")).toBe("4827");
    expect(typed("48271593", "0")).toBe("48271593");
  });

  it("takes the last digit away", () => {
    expect(typed("4827", "Backspace")).toBe("482");
    expect(typed("", "Backspace")).toBe("");
  });

  it("leaves other keys alone, digits of other scripts too", () => {
    for (const key of ["a", "Enter", "F5", "٤", "12", ""]) expect(typed("48", key)).toBe("48");
  });
});

describe("a key pressed beside the pad", () => {
  /** As nodes of a page: each contains itself and those within. */
  const node = (...within: object[]) => {
    const self = { contains: (other: object): boolean => other === self || within.includes(other) };
    return self;
  };
  const key = node();
  const pad = node(key);
  const otherName = node();
  const body = node(pad, key, otherName);

  it("is the pad's while the focus is on one of its keys, or on nothing", () => {
    for (const focused of [key, pad, body, null]) expect(isForPad(pad, focused)).toBe(true);
  });

  it("is the other button's while the focus is there", () => {
    expect(isForPad(pad, otherName)).toBe(false);
  });
});
