import { expect, it } from "vitest";

import { addQuantities, lessOne, readQuantity } from "./quantity";

it("adds without floats", () => {
  expect(addQuantities("0.1", "0.2")).toBe("0.3");
  expect(addQuantities("999999.5", "3")).toBe("1000000");
});

it("takes one away, but never the last", () => {
  expect(lessOne("2")).toBe("1");
  expect(lessOne("1")).toBeNull();
  expect(lessOne("1.5")).toBe("0.5");
});

it.each([
  ["2", "piece", "2"],
  ["0,864", "kg", "0.864"],
  ["1.500", "kg", "1.5"],
  ["1.5", "piece", null],
  ["0", "piece", null],
  ["0.0004", "kg", null],
  ["-1", "piece", null],
  ["1e3", "piece", null],
  ["", "kg", null],
  ["1000001", "piece", null],
])("reads %s of %s as %s", (text, unit, quantity) => {
  expect(readQuantity(text, unit)).toBe(quantity);
});
