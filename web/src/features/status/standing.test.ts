import { describe, expect, it } from "vitest";

import { answersOf, burnToneOf, lasting, shareLeft, toneOf, verdictOf } from "./standing";

const check = (is_ok: boolean, is_needed = true) => ({
  name: "database",
  is_ok,
  is_needed,
  ms: 1,
  reason: is_ok ? null : "It is away.",
});
const objective = (budget_left: number) => ({
  name: "answered" as const,
  requests: 10,
  missed: 0,
  target: 0.999,
  budget_left,
  burn_hour: null,
  burn_six_hours: null,
});

describe("how the program stands", () => {
  it("is well when everything answers and the promises hold", () => {
    expect(verdictOf({ checks: [check(true)], objectives: [objective(0.1)] })).toBe("well");
  });

  it("is in trouble when something it can do without is away, or a promise is broken", () => {
    expect(verdictOf({ checks: [check(true), check(false, false)], objectives: [] })).toBe("trouble");
    expect(verdictOf({ checks: [check(true)], objectives: [objective(-0.1)] })).toBe("trouble");
  });

  it("is down when something it needs is away", () => {
    expect(verdictOf({ checks: [check(false), check(false, false)], objectives: [] })).toBe("down");
  });
});

describe("a budget", () => {
  it("burns well as long as it lasts the month, and badly when the alarm rings", () => {
    expect([0, 1, 1.1, 6, 6.1].map(burnToneOf)).toEqual(["ok", "ok", "warn", "warn", "bad"]);
  });

  it("is never shown as less than nothing", () => {
    expect([shareLeft(-3), shareLeft(0.4)]).toEqual([0, 0.4]);
  });

  it("warns below a quarter", () => {
    expect([toneOf(1), toneOf(0.25), toneOf(0.2), toneOf(0), toneOf(-1)]).toEqual([
      "ok",
      "ok",
      "warn",
      "bad",
      "bad",
    ]);
  });
});

describe("how soon answers begin", () => {
  it("is told by the end of a bucket, and beyond the last one by its begin", () => {
    expect(answersOf({ p95_ms: 250, p95_over_ms: 100 })).toEqual({ is: "within", ms: 250 });
    expect(answersOf({ p95_ms: 5, p95_over_ms: 0 })).toEqual({ is: "within", ms: 5 });
    expect(answersOf({ p95_ms: null, p95_over_ms: 10_000 })).toEqual({ is: "over", ms: 10_000 });
    expect(answersOf({ p95_ms: null, p95_over_ms: null })).toBeNull();
  });
});

describe("a time", () => {
  it("has as many digits as one reads", () => {
    expect([0.04, 3.26, 242.5, 999.4].map(lasting)).toEqual([
      { unit: "ms", value: 0 },
      { unit: "ms", value: 3.3 },
      { unit: "ms", value: 243 },
      { unit: "ms", value: 999 },
    ]);
    expect([1000, 2500, 12_340].map(lasting)).toEqual([
      { unit: "seconds", value: 1 },
      { unit: "seconds", value: 2.5 },
      { unit: "seconds", value: 12 },
    ]);
  });
});
