// What a person is told about a webhook.
import { describe, expect, it } from "vitest";

import { countTroubled, hostOf, standingOf } from "./standing";

const SINCE = "2026-11-30T08:00:00Z";

describe("standingOf", () => {
  it("is failing while an active one's receiver does not answer well", () => {
    expect(standingOf({ state: "active", failing_since: null })).toBe("active");
    expect(standingOf({ state: "active", failing_since: SINCE })).toBe("failing");
  });

  it("is what was done to it otherwise", () => {
    expect(standingOf({ state: "paused", failing_since: SINCE })).toBe("paused");
    expect(standingOf({ state: "disabled", failing_since: SINCE })).toBe("disabled");
  });
});

describe("countTroubled", () => {
  it("counts what fails and what was switched off, and nothing that a person paused", () => {
    const all = [
      { state: "active", failing_since: null },
      { state: "active", failing_since: SINCE },
      { state: "paused", failing_since: SINCE },
      { state: "disabled", failing_since: null },
    ] as const;
    expect(countTroubled(all)).toBe(2);
  });
});

describe("hostOf", () => {
  it("tells the host and its port, and nothing of the path", () => {
    expect(hostOf("https://hooks.example:8443/s3cret?token=1")).toBe("hooks.example:8443");
  });

  it("tells what is no address as it is", () => {
    expect(hostOf("somewhere")).toBe("somewhere");
  });
});
