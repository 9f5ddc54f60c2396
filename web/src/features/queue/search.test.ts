// The URL may hold anything.
import { describe, expect, it } from "vitest";

import { jobOf, stateOf } from "./search";

describe("stateOf", () => {
  it("is what failed where nothing else is asked for", () => {
    expect(stateOf({})).toBe("failed");
    expect(stateOf({ state: "lost" })).toBe("failed");
  });

  it("is a state, or the schedules", () => {
    expect(stateOf({ state: "running" })).toBe("running");
    expect(stateOf({ state: "schedules" })).toBe("schedules");
  });
});

describe("jobOf", () => {
  it.each([undefined, "", "0", "-1", "1.5", "x", "9007199254740993"])("is none for %s", (job) => {
    expect(jobOf(job === undefined ? {} : { job })).toBeUndefined();
  });

  it("is a number", () => {
    expect(jobOf({ job: "17" })).toBe(17);
  });
});
