import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { ProductOut, VariantOut } from "@/api";
import { connect } from "@/http";

import { begin, changesOf, type Editing, enter, keyOf } from "./product-draft";
import { NotSaved, saveAll } from "./save-product";

const AT = "2026-11-21T10:00:00Z";

const variant: VariantOut = {
  id: "v1",
  product_id: "p1",
  name: "Tee",
  options: {},
  sku: null,
  barcode: null,
  price: "2.49",
  cost: null,
  currency: "EUR",
  tax_rate: "20",
  unit: "piece",
  is_active: true,
  version: 4,
  updated_at: AT,
  quantity_step: "1",
  barcodes: [],
};

const product: ProductOut = {
  id: "p1",
  name: "Tee",
  description: "",
  vendor: null,
  tags: [],
  version: 7,
  created_at: AT,
  updated_at: AT,
  variants: [variant],
};

let asked: { method: string; path: string; body: unknown }[] = [];

function answering(...answers: [number, unknown][]): void {
  const left = [...answers];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push({ method: request.method, path: new URL(request.url).pathname, body: await request.json() });
    const [status, body] = left.shift() ?? [500, {}];
    return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
  });
}

beforeEach(() => {
  asked = [];
  connect("http://shop.test");
});
afterEach(() => vi.unstubAllGlobals());

const both = enter(enter(begin(product, true), keyOf(null, "name"), "Shirt"), keyOf("v1", "price"), "3");

it("sends only what changed, with the versions that were read", async () => {
  answering([200, { ...product, name: "Shirt", version: 8 }], [200, { ...variant, price: "3", version: 5 }]);
  await saveAll(both, () => undefined);
  expect(asked).toEqual([
    { method: "PATCH", path: "/api/v1/catalog/products/p1", body: { name: "Shirt", version: 7 } },
    { method: "PATCH", path: "/api/v1/catalog/variants/v1", body: { price: "3", version: 4 } },
  ]);
});

it("stops at a refusal, says whose it is, and does not send again what is saved", async () => {
  answering(
    [200, { ...product, name: "Shirt", version: 8 }],
    [412, { status: 412, code: "version_conflict", title: "", detail: "" }],
  );
  let at: Editing = both;
  const failure = await saveAll(both, (next) => {
    at = next;
  }).catch((one: unknown) => one);
  expect(failure).toBeInstanceOf(NotSaved);
  expect(failure).toMatchObject({ id: "v1", isConflict: true });
  expect(changesOf(at).map((change) => change.id)).toEqual(["v1"]);
});

it("does not take other refusals for a clash", async () => {
  answering([422, { status: 422, code: "catalog.sku_taken", title: "", detail: "" }]);
  const failure = await saveAll(both, () => undefined).catch((one: unknown) => one);
  expect(failure).toMatchObject({ id: "p1", isConflict: false });
});
