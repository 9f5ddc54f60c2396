import { describe, expect, it } from "vitest";

import { ApiProblem } from "./http";
import { raceOf, theirsAlone, versionAfter } from "./race";

const lost = (sides: object) =>
  new ApiProblem({ title: "", status: 412, code: "version_conflict", detail: "", ...sides });

const SIDES = {
  base: { name: "Vendor", colour: "grey", version: 1 },
  mine: { name: "Seller", colour: "grey" },
  theirs: { name: "Supplier", colour: "red", version: 3 },
  conflicts: ["name"],
};

describe("a race that was lost", () => {
  it("has all sides as the program tells them", () => {
    expect(raceOf(lost(SIDES))).toEqual(SIDES);
  });

  it("is none where something else failed, or nobody knows what is there now", () => {
    expect(raceOf(new ApiProblem({ title: "", status: 409, code: "conflict", detail: "" }))).toBeNull();
    expect(raceOf(lost({ ...SIDES, theirs: null }))).toBeNull();
    expect(raceOf(null)).toBeNull();
  });

  it("is saved again upon what is there now", () => {
    expect(versionAfter(lost(SIDES), 1)).toBe(3);
    expect(versionAfter(null, 1)).toBe(1);
    expect(versionAfter(lost({ ...SIDES, theirs: null }), 1)).toBe(1);
  });

  it("has what only they changed taken over, and nothing where the base is gone", () => {
    expect(theirsAlone(SIDES)).toEqual(["colour"]);
    expect(theirsAlone({ ...SIDES, base: null })).toEqual([]);
  });
});
