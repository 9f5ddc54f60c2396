// Moments go through the field and come back, to the minute.
import { describe, expect, it } from "vitest";

import { localOf, momentOf } from "./moments";

describe("localOf and momentOf", () => {
  it("are each other's way back", () => {
    expect(momentOf(localOf("2026-03-01T23:05:40Z"))).toBe("2026-03-01T23:05:00.000Z");
  });

  it("write what a field takes", () => {
    expect(localOf("2026-03-01T23:05:40Z")).toMatch(/^2026-03-0\dT\d\d:\d5$/);
  });

  it.each(["", "soon"])("know no moment in %j", (text) => {
    expect(momentOf(text)).toBeNull();
  });
});
