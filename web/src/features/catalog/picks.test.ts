import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { VariantsBulkIn } from "@/api";
import { connect } from "@/http";

import { changePicked } from "./picks";

let asked: VariantsBulkIn[] = [];

beforeEach(() => {
  asked = [];
  connect("http://shop.test");
  vi.stubGlobal("fetch", async (request: Request) => {
    const body = (await request.json()) as VariantsBulkIn;
    asked.push(body);
    return Response.json({ items: body.items.map(({ id }) => ({ id, outcome: "changed", version: 2 })) });
  });
});
afterEach(() => vi.unstubAllGlobals());

it("sends each variant with the version that was seen", async () => {
  const picks = new Map([
    ["a", { name: "Tea", version: 1 }],
    ["b", { name: "Cup", version: 7 }],
  ]);
  await changePicked(picks, { kind: "add_tag", tag: "new" });
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
