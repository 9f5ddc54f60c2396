import { expect, it } from "vitest";

import { fieldsOf } from "./values";

it("puts both values of a field side by side and says which changed", () => {
  expect(
    fieldsOf({ old: { price: "1.00", currency: "EUR" }, new: { price: "2.00", currency: "EUR" } }),
  ).toEqual([
    { name: "price", old: "1.00", new: "2.00", isChanged: true },
    { name: "currency", old: "EUR", new: "EUR", isChanged: false },
  ]);
});

it("shows a field that one side lacks, and values that are no texts", () => {
  expect(fieldsOf({ old: null, new: { count: 3, is_active: false, none: null } })).toEqual([
    { name: "count", old: undefined, new: "3", isChanged: true },
    { name: "is_active", old: undefined, new: false, isChanged: true },
    { name: "none", old: undefined, new: "null", isChanged: true },
  ]);
});

it("has no fields where nothing was said of values", () => {
  expect(fieldsOf({ old: null, new: null })).toEqual([]);
});
