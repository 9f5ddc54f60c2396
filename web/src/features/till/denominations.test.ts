import { expect, it } from "vitest";

import { denominations, quickAmounts } from "./denominations";

it("offers the exact amount first and then what people hand over", () => {
  expect(quickAmounts(1845, "EUR")).toEqual([1845, 1900, 2000, 5000, 10000, 20000]);
  expect(quickAmounts(500, "EUR")).toEqual([500, 600, 1000, 2000, 5000, 10000]);
  expect(quickAmounts(0, "EUR")).toEqual([0]);
});

it("falls back to a 1-2-5 row", () => {
  expect(denominations("XAF")[0]).toBe(50_000);
});
