import { describe, expect, it } from "vitest";

import { isFiltered, wantedOf } from "./list-state";

const TAG = "0198c0de-0000-7000-8000-000000000001";

describe("what the program is asked for", () => {
  it("is everybody who is not put away when the address says nothing", () => {
    expect(wantedOf({})).toEqual({
      q: "",
      sort: null,
      kind: null,
      tag: null,
      group: null,
      missing: null,
      owner: null,
      archived: false,
    });
  });

  it("is what the address says", () => {
    const search = {
      q: "анна",
      sort: "company",
      kind: "person",
      tag: TAG,
      missing: "email",
      owner: "me",
      only: "away",
    };
    expect(wantedOf({ ...search, contact: "c", columns: "-" })).toEqual({
      q: "анна",
      sort: "company",
      kind: "person",
      tag: TAG,
      group: null,
      missing: "email",
      owner: "me",
      archived: true,
    });
  });

  it("is nothing that the program would refuse", () => {
    const search = {
      sort: "age",
      kind: "robot",
      tag: "vip",
      group: "1",
      missing: "soul",
      owner: "them",
      only: "all",
    };
    expect(wantedOf(search)).toEqual(wantedOf({}));
  });
});

it.each([
  [{}, false],
  [{ owner: TAG }, true],
  [{ sort: "name", contact: "c", columns: "email", only: "all", tag: "vip" }, false],
  [{ q: "a" }, true],
  [{ kind: "company" }, true],
  [{ tag: TAG }, true],
  [{ group: TAG }, true],
  [{ missing: "phone" }, true],
  [{ only: "away" }, true],
])("knows whether %j narrows the list down: %s", (search, expected) => {
  expect(isFiltered(search)).toBe(expected);
});
