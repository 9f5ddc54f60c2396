import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { ContactsBulkIn } from "@/api";
import { connect } from "@/http";

import { type Change, changedOf, changePicked, reversed } from "./picks";

beforeEach(() => connect("http://shop.test"));
afterEach(() => vi.unstubAllGlobals());

it.each<[Change, object]>([
  [{ kind: "archive" }, { id: "a" }],
  [
    { kind: "give", owner_id: null },
    { id: "a", version: 3 },
  ],
])("sends the version that was seen where another change would be lost: %o", async (change, item) => {
  const asked: ContactsBulkIn[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push((await request.json()) as ContactsBulkIn);
    return Response.json({ items: [] });
  });
  await changePicked(new Map([["a", { name: "Ann", version: 3 }]]), change);
  expect(asked).toEqual([{ change, items: [item] }]);
});

it.each(["archive", "unarchive"] as const)("takes %s back, and that again", (kind) => {
  expect(reversed({ kind })).not.toEqual({ kind });
  expect(reversed(reversed({ kind }))).toEqual({ kind });
});

it.each(["add_tag", "remove_tag", "add_group", "remove_group"] as const)("takes %s back by name", (kind) => {
  const back = reversed({ kind, name: "VIP" });
  expect(back).toMatchObject({ name: "VIP" });
  expect(back.kind).not.toBe(kind);
  expect(reversed(back)).toEqual({ kind, name: "VIP" });
});

it("takes back only what it did change", () => {
  const ann = { name: "Ann", version: 1 };
  const picks = new Map([
    ["a", ann],
    ["b", { name: "Bob", version: 1 }],
  ]);
  const items = [
    { id: "a", outcome: "changed" as const, version: 2 },
    { id: "b", outcome: "unchanged" as const, version: 1 },
  ];
  expect([...changedOf(picks, items)]).toEqual([["a", ann]]);
});
