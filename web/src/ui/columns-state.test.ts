import { expect, it } from "vitest";

import { readHidden, shownKeys, writeHidden } from "./columns-state";

it("hides what is usual until somebody chooses", () => {
  expect([...readHidden(undefined, ["cost"])]).toEqual(["cost"]);
  expect([...readHidden(undefined)]).toEqual([]);
});

it.each([[[]], [["sku"]], [["sku", "tax"]]])("reads back what it wrote: %j", (hidden) => {
  expect([...readHidden(writeHidden(new Set(hidden)), ["cost"])]).toEqual(hidden);
});

it("keeps the order of the columns, whatever was hidden first", () => {
  const columns = [{ key: "a" }, { key: "b" }, { key: "c" }];
  expect(shownKeys(columns, new Set(["b", "nothing"]))).toEqual(["a", "c"]);
});
