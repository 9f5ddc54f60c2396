import { describe, expect, it } from "vitest";

import type { ImportOut } from "@/api";

import { figuresOf, isRunning, lookAgain, lookAtAllAgain, mayImport, separatorOf } from "./import-state";

const one = (change: Partial<ImportOut> = {}): ImportOut => ({
  id: "i1",
  store_id: "s1",
  filename: "products.csv",
  size_bytes: 120,
  status: "done",
  format: "plain",
  encoding: "utf-8",
  separator: ",",
  rows_read: 7,
  rows_accepted: 6,
  rows_rejected: 1,
  rows_warned: 2,
  progress: 1,
  created: 3,
  updated: 2,
  unchanged: 1,
  problem: null,
  scan: "none",
  created_at: "2026-11-21T10:00:00Z",
  finished_at: "2026-11-21T10:00:01Z",
  is_repeat: false,
  ...change,
});

describe("an import", () => {
  it.each([
    ["waiting", true],
    ["running", true],
    ["done", false],
    ["failed", false],
  ] as const)("that is %s is looked at again: %s", (status, expected) => {
    expect(isRunning(one({ status }))).toBe(expected);
    expect(lookAgain(one({ status })) !== false).toBe(expected);
    expect(lookAtAllAgain([{ items: [one()] }, { items: [one({ status })] }]) !== false).toBe(expected);
  });

  it("is looked for until it is there, a list only when something in it moves", () => {
    expect(lookAgain(undefined)).toBeGreaterThan(0);
    expect(lookAtAllAgain(undefined)).toBe(false);
    expect(lookAtAllAgain([])).toBe(false);
  });

  it.each([
    [",", "comma"],
    [";", "semicolon"],
    ["\t", "tab"],
    ["|", "pipe"],
    ["^", "^"],
    [null, ""],
  ])("names the separator %j as %j", (separator, name) => {
    expect(separatorOf(one({ separator }))).toBe(name);
  });

  it("accounts for every row", () => {
    const figures = Object.fromEntries(figuresOf(one())) as Record<string, number>;
    expect(figures).toEqual({
      read: 7,
      accepted: 6,
      rejected: 1,
      warned: 2,
      createdRows: 3,
      updatedRows: 2,
      unchangedRows: 1,
    });
  });
});

it("is offered to those who may import and see the costs that files hold", () => {
  const holding = (...rights: string[]) => mayImport((right) => rights.includes(right));
  expect(holding("catalog.import", "catalog.read_cost")).toBe(true);
  expect(holding("catalog.import")).toBe(false);
  expect(holding("catalog.read_cost")).toBe(false);
});
