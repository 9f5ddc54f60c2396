import { describe, expect, it } from "vitest";

import type { ProductOut, VariantOut } from "@/api";

import { begin, changedPlaces, changesOf, enter, keyOf, rebase, saved, settle } from "./product-draft";
import { PRODUCT_FIELDS, VARIANT_FIELDS } from "./product-fields";

const AT = "2026-11-21T10:00:00Z";

const variant = (id: string, change: Partial<VariantOut> = {}): VariantOut => ({
  id,
  product_id: "p1",
  name: `Tee ${id}`,
  options: { Size: id },
  sku: null,
  barcode: null,
  price: "2.49",
  cost: "1.1",
  currency: "EUR",
  tax_rate: "20",
  unit: "piece",
  is_active: true,
  version: 4,
  updated_at: AT,
  quantity_step: "1",
  barcodes: [],
  ...change,
});

const product = (change: Partial<ProductOut> = {}): ProductOut => ({
  id: "p1",
  name: "Tee",
  description: "",
  vendor: null,
  tags: [],
  version: 7,
  created_at: AT,
  updated_at: AT,
  variants: [variant("L"), variant("M")],
  ...change,
});

const key = (name: string, variantId: string | null = null) => keyOf(variantId, name);

function entered(texts: Record<string, string>, of = product()) {
  return Object.entries(texts).reduce((at, [place, text]) => enter(at, place, text), begin(of, true));
}

/** What a person types into each field, and what the program is told. */
const TYPED: [string | null, string, string, unknown][] = [
  [null, "name", " Shirt ", "Shirt"],
  [null, "description", "Soft.\n\nWarm.", "Soft.\n\nWarm."],
  [null, "vendor", "Mill", "Mill"],
  [null, "tags", " new \n\nsale, summer", ["new", "sale, summer"]],
  ["L", "options", "Size: XL\n Colour :red: dark", { Size: "XL", Colour: "red: dark" }],
  ["L", "sku", "TEE-XL", "TEE-XL"],
  ["L", "barcodes", "6291041500213\n 4009", ["6291041500213", "4009"]],
  ["L", "price", "3,50", "3.50"],
  ["L", "cost", "1.20", "1.20"],
  ["L", "tax_rate", "5,5", "5.5"],
  ["L", "unit", "kg", "kg"],
  ["L", "quantity_step", "0,05", "0.05"],
  ["L", "is_active", "false", false],
];

describe("what is saved", () => {
  it.each(TYPED)("of %s: %s, typed as %j, is %j and nothing else", (variantId, name, text, meaning) => {
    const body = { [name]: meaning, version: variantId === null ? 7 : 4 };
    expect(changesOf(entered({ [key(name, variantId)]: text }))).toEqual([
      { variantId, id: variantId ?? "p1", body },
    ]);
  });

  it("can be every field", () => {
    expect(TYPED.map(([variantId, name]) => [variantId, name])).toEqual([
      ...Object.keys(PRODUCT_FIELDS).map((name) => [null, name]),
      ...Object.keys(VARIANT_FIELDS).map((name) => ["L", name]),
    ]);
  });

  it.each([
    ["sku", "L"],
    ["cost", "L"],
    ["vendor", null],
  ])("is nothing at all where %s is emptied", (name, variantId) => {
    const full = product({ vendor: "Mill", variants: [variant("L", { sku: "S" }), variant("M")] });
    const [change] = changesOf(entered({ [key(name, variantId)]: " " }, full));
    expect(change?.body).toMatchObject({ [name]: null });
  });

  it("comes product first, then the variants that changed", () => {
    const editing = entered({ [key("price", "M")]: "9", [key("name")]: "Shirt" });
    expect(changesOf(editing).map((change) => change.id)).toEqual(["p1", "M"]);
  });

  it("is nothing where text was typed and taken back, or only spaces were added", () => {
    const editing = entered({ [key("name")]: " Tee ", [key("price", "L")]: "2,49" });
    expect(changesOf(editing)).toEqual([]);
    expect(changedPlaces(editing)).toEqual([]);
  });

  it("is nothing of what was left alone, however untidy it is", () => {
    const untidy = product({ description: " two \n spaces ", tags: [" a"] });
    expect(changesOf(begin(untidy, true))).toEqual([]);
  });

  it("leaves costs alone that the person may not see", () => {
    const places = begin(product(), false).places.map((place) => place.name);
    expect(places).not.toContain("cost");
  });
});

describe("after a part was saved", () => {
  it("goes on with the new version and the rest of the changes", () => {
    const editing = entered({ [key("name")]: "Shirt", [key("price", "L")]: "3", [key("sku", "M")]: "X" });
    const [first, second] = changesOf(editing);
    if (first === undefined || second === undefined) throw new Error("two changes are expected");
    const after = saved(editing, first, product({ name: "Shirt", version: 8 }));
    const done = saved(after, second, variant("L", { price: "3", version: 5 }));
    expect(changesOf(done)).toEqual([{ variantId: "M", id: "M", body: { sku: "X", version: 4 } }]);
    expect(done.present.variants[0]?.version).toBe(5);
    expect(done.present.version).toBe(8);
  });
});

describe("when somebody else was first", () => {
  it("takes over what this person did not touch, and asks about nothing", () => {
    const editing = entered({ [key("name")]: "Shirt" });
    const theirs = product({
      version: 8,
      vendor: "Mill",
      variants: [variant("L", { price: "5" }), variant("M")],
    });
    const after = rebase(editing, theirs);
    expect(after.clashes).toEqual([]);
    expect([after.draft[key("vendor")], after.draft[key("price", "L")]]).toEqual(["Mill", "5"]);
    expect(changesOf(after)).toEqual([{ variantId: null, id: "p1", body: { name: "Shirt", version: 8 } }]);
  });

  it("asks nothing where both want the same", () => {
    const after = rebase(entered({ [key("name")]: "Shirt " }), product({ version: 8, name: "Shirt" }));
    expect([after.clashes, changesOf(after)]).toEqual([[], []]);
  });

  // Two answers have no third: who changes a yes changes it to the same no.
  const CLASHING = TYPED.filter(([, name]) => name !== "is_active");

  it.each(CLASHING)("asks where both changed (%s) %s: before, mine, theirs", (variantId, name, text) => {
    const theirs = elsewhere(variantId, name);
    const editing = entered({ [key(name, variantId)]: text });
    const { clashes } = rebase(editing, theirs);
    const now = begin(theirs, true).base[key(name, variantId)];
    expect(clashes.map((clash) => [clash.place.key, clash.base, clash.theirs])).toEqual([
      [key(name, variantId), editing.base[key(name, variantId)], now],
    ]);
    expect(clashes[0]?.mine).not.toBe(now);
  });

  it("keeps what the person chooses", () => {
    const after = rebase(entered({ [key("name")]: "Shirt" }), product({ version: 8, name: "Blouse" }));
    const [clash] = after.clashes;
    if (clash === undefined) throw new Error("a clash is expected");
    const [theirs, mine] = [settle(after, clash, true), settle(after, clash, false)];
    expect([theirs.clashes, mine.clashes]).toEqual([[], []]);
    expect(changesOf(theirs)).toEqual([]);
    expect(changesOf(mine)).toEqual([{ variantId: null, id: "p1", body: { name: "Shirt", version: 8 } }]);
  });

  it("forgets a variant that is gone", () => {
    const editing = entered({ [key("price", "L")]: "3", [key("price", "M")]: "3" });
    const after = rebase(editing, product({ version: 8, variants: [variant("M")] }));
    expect(changesOf(after).map((change) => change.id)).toEqual(["M"]);
    expect(after.clashes).toEqual([]);
  });
});

/** The product after somebody else changed one field in a way of their own. */
function elsewhere(variantId: string | null, name: string): ProductOut {
  const other: Record<string, Partial<ProductOut> & Partial<VariantOut>> = {
    name: { name: "Blouse" },
    description: { description: "Theirs" },
    vendor: { vendor: "Theirs" },
    tags: { tags: ["theirs"] },
    options: { options: { Size: "theirs" } },
    sku: { sku: "THEIRS" },
    barcodes: { barcodes: [{ code: "4006381333931", gtin: "04006381333931", kind: "gtin" }] },
    price: { price: "8" },
    cost: { cost: "8" },
    tax_rate: { tax_rate: "10" },
    unit: { unit: "m" },
    quantity_step: { quantity_step: "0.5" },
  };
  const change = other[name] ?? {};
  if (variantId === null) return product({ ...change, version: 8 });
  return product({ variants: [variant("L", { ...change, version: 5 }), variant("M")] });
}
