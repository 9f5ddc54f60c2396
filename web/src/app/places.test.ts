import { expect, it } from "vitest";

import { isHere } from "./places";

it("knows a page, what is below it, and what belongs to it", () => {
  const open = ["/sales", "/refunds", "/shifts", "/settings/queue", "/contacts/duplicates"];
  expect(open.filter((pathname) => isHere("/sales", pathname))).toEqual(["/sales", "/refunds", "/shifts"]);
  expect(open.filter((pathname) => isHere("/settings", pathname))).toEqual(["/settings/queue"]);
  expect(isHere("/till", "/tills")).toBe(false);
});
