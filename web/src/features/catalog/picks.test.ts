import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { BulkIn, BulkItemOut, VariantRowOut } from "@/api";
import { connect } from "@/http";

import { afterChange, changePicked, MOST_AT_ONCE, pick, type Picks, reportOf } from "./picks";

const row = (id: string, version = 1): VariantRowOut => ({
  id,
  product_id: "p",
  name: `Tea ${id}`,
  options: {},
  sku: null,
  barcode: null,
  price: "1",
  cost: null,
  currency: "EUR",
  tax_rate: "20",
  unit: "piece",
  is_active: true,
  version,
  updated_at: "2026-11-21T10:00:00Z",
});

const told = (id: string, outcome: BulkItemOut["outcome"], version: number | null): BulkItemOut => ({
  id,
  outcome,
  version,
  code: null,
  detail: outcome === "changed" ? null : `why ${id}`,
});

const picked = (...ids: string[]): Picks =>
  pick(
    new Map(),
    ids.map((id) => row(id)),
    true,
  );

let asked: BulkIn[] = [];

beforeEach(() => {
  asked = [];
  connect("http://shop.test");
  vi.stubGlobal("fetch", async (request: Request) => {
    const body = (await request.json()) as BulkIn;
    asked.push(body);
    const items = body.items.map((item) => told(item.id, "changed", item.version + 1));
    return new Response(JSON.stringify({ items }), { headers: { "Content-Type": "application/json" } });
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("picking", () => {
  it("remembers the version that was seen, and forgets what is taken off", () => {
    const some = pick(picked("a"), [row("b", 7)], true);
    expect([...some]).toEqual([
      ["a", { version: 1, name: "Tea a" }],
      ["b", { version: 7, name: "Tea b" }],
    ]);
    expect([...pick(some, [row("a")], false).keys()]).toEqual(["b"]);
  });
});

describe("changing what is picked", () => {
  it("sends each with its version", async () => {
    await changePicked(pick(picked("a"), [row("b", 7)], true), { kind: "add_tag", tag: "new" });
    expect(asked).toEqual([
      {
        change: { kind: "add_tag", tag: "new" },
        items: [
          { id: "a", version: 1 },
          { id: "b", version: 7 },
        ],
      },
    ]);
  });

  it("takes as many calls as the program needs, and loses nobody", async () => {
    const ids = Array.from({ length: MOST_AT_ONCE + 1 }, (_, index) => `v${index}`);
    const items = await changePicked(picked(...ids), { kind: "set_active", is_active: false });
    expect(asked.map((one) => one.items.length)).toEqual([MOST_AT_ONCE, 1]);
    expect(items.map((item) => item.id)).toEqual(ids);
  });
});

describe("after a change", () => {
  const items = [
    told("a", "changed", 2),
    told("b", "unchanged", 5),
    told("c", "conflict", 9),
    told("d", "unknown", null),
    told("e", "refused", 1),
  ];
  const before = picked("a", "b", "c", "d", "e");

  it("keeps what was changed, so that it can be changed back, and drops what has to be looked at", () => {
    expect([...afterChange(before, items)].map(([id, { version }]) => [id, version])).toEqual([
      ["a", 2],
      ["b", 5],
      ["e", 1],
    ]);
  });

  it("tells how many and which were left as they are, by name and with the reason", () => {
    expect(reportOf(before, items)).toEqual({
      counts: { changed: 1, unchanged: 1, conflict: 1, unknown: 1, refused: 1 },
      left: [
        { id: "c", outcome: "conflict", name: "Tea c", detail: "why c" },
        { id: "d", outcome: "unknown", name: "Tea d", detail: "why d" },
        { id: "e", outcome: "refused", name: "Tea e", detail: "why e" },
      ],
    });
  });
});
