import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { connect } from "@/http";

import { changedOf, changePicked, MOST_AT_ONCE, pick, reportOf, reversed } from "./picks";

beforeEach(() => connect("http://shop.test"));
afterEach(() => vi.unstubAllGlobals());

it("picks and lets go", () => {
  const both = pick(
    new Map(),
    [
      { id: "a", name: "A" },
      { id: "b", name: "B" },
    ],
    true,
  );
  expect([...both]).toEqual([
    ["a", "A"],
    ["b", "B"],
  ]);
  expect([...pick(both, [{ id: "a", name: "A" }], false).keys()]).toEqual(["b"]);
});

it("asks in as many calls as it takes", async () => {
  const sizes: number[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { ids } = (await request.json()) as { ids: string[] };
    sizes.push(ids.length);
    return Response.json({ items: ids.map((id) => ({ id, outcome: "changed", version: 2 })) });
  });
  const picks = new Map(Array.from({ length: MOST_AT_ONCE + 1 }, (_, at) => [String(at), "X"]));
  const items = await changePicked(picks, { kind: "archive" });
  expect(sizes).toEqual([MOST_AT_ONCE, 1]);
  expect(items).toHaveLength(MOST_AT_ONCE + 1);
});

it("tells what was left as it is, by name", () => {
  const picks = new Map([["c", "Carol"]]);
  const items = [
    { id: "a", outcome: "changed" as const },
    { id: "b", outcome: "unchanged" as const },
    { id: "c", outcome: "refused" as const, detail: "too many tags" },
    { id: "d", outcome: "unknown" as const, detail: null },
  ];
  expect(reportOf(picks, items)).toEqual({
    changed: 1,
    unchanged: 1,
    left: [
      { id: "c", name: "Carol", outcome: "refused", detail: "too many tags" },
      { id: "d", name: "d", outcome: "unknown", detail: "" },
    ],
  });
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
  const picks = new Map([
    ["a", "A"],
    ["b", "B"],
  ]);
  const items = [
    { id: "a", outcome: "changed" as const },
    { id: "b", outcome: "unchanged" as const },
  ];
  expect([...changedOf(picks, items)]).toEqual([["a", "A"]]);
});
