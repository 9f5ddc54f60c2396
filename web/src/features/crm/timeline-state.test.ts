import { expect, it } from "vitest";

import { changesOf, factOf, mergedNames, ownerOf } from "./timeline-state";

it("tells what a line of text was and is", () => {
  const details = { changes: { title: { before: null, after: "Buyer" } } };
  expect(changesOf({ details })).toEqual([{ field: "title", before: "", after: "Buyer" }]);
});

it("names lists without their values", () => {
  const details = { changes: { phones: { before: [], after: [{ written: "1" }] } } };
  expect(changesOf({ details })).toEqual([{ field: "phones", before: undefined, after: undefined }]);
});

it("tells of a company once, by its name and not by its id", () => {
  const details = {
    changes: {
      company_id: { before: null, after: "0198" },
      company_name: { before: "A", after: "B" },
    },
  };
  expect(changesOf({ details })).toEqual([{ field: "company", before: "A", after: "B" }]);
});

it("tells nothing of facts that it does not know", () => {
  expect(changesOf({ details: { changes: "many" } })).toEqual([]);
  expect(factOf({ details: { name: 5 } }, "name")).toBe("");
  expect(factOf({ details: { name: "VIP" } }, "name")).toBe("VIP");
});

it("names those that a merge made one with the contact", () => {
  const merged = [{ id: "1", name: "Anna" }, { id: "2", name: "A. Petrova" }, "nobody"];
  expect(mergedNames({ details: { merged } })).toEqual(["Anna", "A. Petrova"]);
  expect(mergedNames({ details: {} })).toEqual([]);
});

it("names to whom a contact was given, and nobody for the house", () => {
  expect(ownerOf({ details: { owner: { id: "1", name: "Grace" } } })).toBe("Grace");
  expect(ownerOf({ details: { owner: null } })).toBeNull();
});
