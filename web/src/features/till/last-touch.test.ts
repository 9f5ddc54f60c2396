import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { lastTouch, noteTouch } from "./last-touch";

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("the last touch of a till", () => {
  it("is this tab's own as long as no other was touched later", () => {
    expect(lastTouch(1000, 9000)).toBe(1000);
    noteTouch(500);
    expect(lastTouch(1000, 9000)).toBe(1000);
  });

  it("is another tab's when that is later", () => {
    noteTouch(8000);
    expect(lastTouch(1000, 9000)).toBe(8000);
  });

  it("is not what a clock noted that has been set back since, nor what nobody can read", () => {
    noteTouch(9001);
    expect(lastTouch(1000, 9000)).toBe(1000);
    localStorage.setItem("tradepost.touched", "yesterday");
    expect(lastTouch(1000, 9000)).toBe(1000);
  });
});
