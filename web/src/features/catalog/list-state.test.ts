import { beforeEach, describe, expect, it } from "vitest";

import { catalogueOf } from "@/addresses";
import { connect } from "@/http";

import { exportOf, isFiltered, wantedOf } from "./list-state";

beforeEach(() => connect("http://shop.test"));

describe("what the program is asked for", () => {
  it("is everything when the address says nothing", () => {
    expect(wantedOf({})).toEqual({ q: "", sort: null, tag: null, is_active: null });
  });

  it("is what the address says", () => {
    expect(
      wantedOf({ q: "tea", sort: "-price", tag: "new", only: "inactive", store: "s", product: "p" }),
    ).toEqual({
      q: "tea",
      sort: "-price",
      tag: "new",
      is_active: false,
    });
  });

  it("is never an order or a state that the program would refuse", () => {
    expect(wantedOf({ sort: "weight", only: "everything" })).toMatchObject({ sort: null, is_active: null });
  });
});

describe("a file of the list", () => {
  it("holds the same variants, with the columns that are shown, in their order", () => {
    const address = new URL(
      catalogueOf(
        exportOf({ q: "чай & 5%", sort: "sku", tag: "new" }, ["product", "price", "onHand", "sku"]),
      ),
    );
    expect(address.pathname).toBe("/api/v1/catalog/variants.csv");
    expect([...address.searchParams]).toEqual([
      ["q", "чай & 5%"],
      ["sort", "sku"],
      ["tag", "new"],
      ["column", "name"],
      ["column", "price"],
      ["column", "currency"],
      ["column", "sku"],
    ]);
  });

  it("keeps what is not sold any more when the list does", () => {
    expect(exportOf({ only: "inactive" }, [])).toMatchObject({ is_active: false });
  });
});

it.each([
  [{}, false],
  [{ sort: "name", product: "p", columns: "sku" }, false],
  [{ only: "everything" }, false],
  [{ q: "tea" }, true],
  [{ tag: "new" }, true],
  [{ only: "inactive" }, true],
])("knows whether %j narrows the list down: %s", (search, expected) => {
  expect(isFiltered(search)).toBe(expected);
});
