import { describe, expect, it } from "vitest";

import { typed } from "./typing";

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
