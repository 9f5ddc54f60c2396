// Bodies are shown as they are, and easier to read when they are JSON.
import { expect, it } from "vitest";

import { readable } from "./body";

it("writes JSON in lines", () => {
  expect(readable('{"type":"pos.sale_completed","data":{}}')).toBe(
    '{\n  "type": "pos.sale_completed",\n  "data": {}\n}',
  );
});

it("leaves alone what is no JSON", () => {
  expect(readable("<html>")).toBe("<html>");
});
