import { describe, expect, it } from "vitest";

import {
  afterChange,
  inParts,
  kept,
  MOST_AT_ONCE,
  type Outcome,
  type Pick,
  pick,
  type Picks,
  reportOf,
  type Told,
} from "./bulk";

const row = (id: string, version = 1) => ({ id, name: `Tea ${id}`, version });

const told = (id: string, outcome: Outcome, version: number | null): Told<string> => ({
  id,
  outcome,
  version,
  detail: outcome === "changed" ? null : `why ${id}`,
});

const picked = (...ids: string[]): Picks =>
  pick(
    new Map<string, Pick>(),
    ids.map((id) => row(id)),
    true,
  );

describe("picking", () => {
  it("remembers the version that was seen, and forgets what is taken off", () => {
    const some = pick(picked("a"), [row("b", 7)], true);
    expect([...some]).toEqual([
      ["a", { version: 1, name: "Tea a" }],
      ["b", { version: 7, name: "Tea b" }],
    ]);
    expect([...pick(some, [row("a")], false).keys()]).toEqual(["b"]);
  });

  it("forgets what is in the list no more", () => {
    expect([...kept(picked("a", "b"), [row("b"), row("c")]).keys()]).toEqual(["b"]);
  });
});

it("asks in as many calls as it takes, and loses nobody", async () => {
  const ids = Array.from({ length: MOST_AT_ONCE + 1 }, (_, index) => `v${index}`);
  const sizes: number[] = [];
  const found = await inParts(ids, (part) => {
    sizes.push(part.length);
    return Promise.resolve({ items: part });
  });
  expect(sizes).toEqual([MOST_AT_ONCE, 1]);
  expect(found).toEqual(ids);
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
