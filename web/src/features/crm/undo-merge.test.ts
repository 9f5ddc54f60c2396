import { expect, it } from "vitest";

import { keptFields } from "./undo-merge";

it("names what an undo kept as the screen does, each once, and not what nobody sees", () => {
  const kept = ["company_id", "company_name", "title", "labels", "foreign"].map((field) => ({ field }));
  expect(keptFields(kept)).toEqual(["company", "title", "tags"]);
});
