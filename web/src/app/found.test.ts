import { describe, expect, it } from "vitest";

import type { ContactsOut, SalesOut, TagsOut, VariantsOut } from "@/api";

import { beginsReceipt, chosenAfter, deeperPages, resultsOf } from "./found";

const pages = [
  { to: "/till", label: "Till" },
  { to: "/sales", label: "Sales" },
] as const;

const row = (id: string, sku: string | null, barcode: string | null): VariantsOut["items"][number] => ({
  id,
  product_id: `of ${id}`,
  name: `Tea ${id}`,
  options: {},
  sku,
  barcode,
  price: "2.49",
  cost: null,
  currency: "EUR",
  tax_rate: "20",
  unit: "piece",
  is_active: true,
  version: 1,
  updated_at: "2026-11-21T10:00:00Z",
});

const contact = (
  id: string,
  change: Partial<ContactsOut["items"][number]> = {},
): ContactsOut["items"][number] => ({
  id,
  kind: "person",
  name: `Zoë ${id}`,
  title: null,
  company_id: null,
  company_name: null,
  owner_id: null,
  owner_name: null,
  phone: null,
  phone_e164: null,
  email: null,
  source: "manual",
  tags: [],
  groups: [],
  version: 1,
  archived_at: null,
  created_at: "2026-11-21T10:00:00Z",
  updated_at: "2026-11-21T10:00:00Z",
  ...change,
});

const label = (id: string, name: string, kind: "tag" | "group" = "tag"): TagsOut["items"][number] => ({
  id,
  kind,
  name,
  colour: "grey",
  version: 1,
  count: 3,
});

const sale = (id: string, number: string): SalesOut["items"][number] => ({
  id,
  receipt_number: number,
  sold_at: "2026-11-21T10:00:00Z",
  register_name: "Till 1",
  cashier_name: "Carla",
  total_minor: 249,
  refunded_minor: 0,
  currency: "EUR",
  lines_count: 1,
});

describe("what is found", () => {
  it("is every page before anything is typed, whatever was found before", () => {
    const found = resultsOf({
      query: "",
      pages,
      products: [row("a", null, null)],
      contacts: [contact("z")],
      labels: [label("t", "Sales call"), label("u", "VIP")],
      sales: [sale("s", "H1-1")],
    });
    expect(found.map((one) => one.key)).toEqual(["/till", "/sales"]);
  });

  it("is pages by a part of their name in any case, then products, contacts, tags and receipts", () => {
    const found = resultsOf({
      query: "AL",
      pages,
      products: [row("a", "S-1", "4009"), row("b", null, "4009"), row("c", null, null)],
      contacts: [contact("z")],
      labels: [label("t", "Sales call"), label("u", "VIP")],
      sales: [sale("s", "AL-000001")],
    });
    expect(found.map((one) => [one.kind, one.label])).toEqual([
      ["page", "Sales"],
      ["product", "Tea a"],
      ["product", "Tea b"],
      ["product", "Tea c"],
      ["contact", "Zoë z"],
      ["label", "Sales call"],
      ["receipt", "AL-000001"],
    ]);
  });

  it("tells a product by its SKU, or else by its barcode, and opens the product", () => {
    const products = [row("a", "S-1", "4009"), row("b", null, "4009"), row("c", null, null)];
    const found = resultsOf({
      query: "tea",
      pages: [],
      products,
      contacts: undefined,
      labels: undefined,
      sales: undefined,
    });
    expect(found.map((one) => one.kind === "product" && [one.code, one.productId])).toEqual([
      ["S-1", "of a"],
      ["4009", "of b"],
      [null, "of c"],
    ]);
  });

  it("tells a contact by its company, or else by what is known of it, and opens the contact", () => {
    const contacts = [
      contact("a", { company_name: "Mill", title: "Buyer" }),
      contact("b", { title: "Buyer", phone: "1" }),
      contact("c", { phone: "1", email: "c@x.example" }),
      contact("d", { email: "d@x.example" }),
      contact("e"),
    ];
    const found = resultsOf({
      query: "zoe",
      pages: [],
      products: undefined,
      contacts,
      labels: undefined,
      sales: undefined,
    });
    expect(found.map((one) => one.kind === "contact" && [one.about, one.contactId])).toEqual([
      ["Mill", "a"],
      ["Buyer", "b"],
      ["1", "c"],
      ["d@x.example", "d"],
      [null, "e"],
    ]);
  });

  it("is at most five tags and groups, each with how many have it", () => {
    const labels = Array.from("abcdefg", (id) => label(id, `fair ${id}`, "group"));
    const found = resultsOf({ query: "FAIR", pages: [], products: [], contacts: [], labels, sales: [] });
    expect(found).toHaveLength(5);
    expect(found[0]).toMatchObject({ kind: "label", isGroup: true, count: 3, labelId: "a" });
  });

  it("is nothing while nothing has come", () => {
    const nothing = { products: undefined, contacts: undefined, labels: undefined, sales: undefined };
    expect(resultsOf({ query: "tea", pages, ...nothing })).toEqual([]);
  });
});

it.each([
  ["H1", true],
  ["h1-", true],
  ["H1-000042", true],
  ["42", true],
  ["ABCDEFGH-1", true],
  ["ABCDEFGHI", false],
  ["H1-4a", false],
  ["green tea", false],
  ["чай", false],
  ["", false],
])("asks for receipts that begin with %j: %s", (query, expected) => {
  expect(beginsReceipt(query)).toBe(expected);
});

describe("the choice", () => {
  it("moves with the arrows and stays inside the list", () => {
    expect([chosenAfter("ArrowDown", 0, 3), chosenAfter("ArrowDown", 2, 3)]).toEqual([1, 2]);
    expect([chosenAfter("ArrowUp", 2, 3), chosenAfter("ArrowUp", 0, 3)]).toEqual([1, 0]);
  });

  it("has nowhere to go in an empty list", () => {
    expect([chosenAfter("ArrowDown", 0, 0), chosenAfter("ArrowUp", 0, 0)]).toEqual([0, 0]);
  });

  it("leaves other keys alone", () => {
    expect(chosenAfter("a", 1, 3)).toBeUndefined();
  });
});

it("names business cards to those who may see contacts with what is personal, and to nobody else", () => {
  const named = (...rights: string[]) =>
    deeperPages((right) => rights.includes(right)).map((page) => page.label);
  expect(named("crm.read", "crm.see_personal")).toEqual(["businessCards"]);
  expect(named("crm.see_personal")).toEqual([]);
  expect(named("crm.read")).toEqual([]);
});
