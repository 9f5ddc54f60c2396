// The URL may hold anything.
import { describe, expect, it } from "vitest";

import { openOf, viewOf } from "./search";

const ONE = "0192e0a4-3f1d-7c51-9d7e-5b2f3f6c9a01";
const OTHER = "0192e0a4-3f1d-7c51-9d7e-5b2f3f6c9a02";

describe("viewOf", () => {
  it("is what is sent where nothing else is asked for", () => {
    expect(viewOf({})).toBe("out");
    expect(viewOf({ view: "sideways" })).toBe("out");
  });

  it("is what comes in", () => {
    expect(viewOf({ view: "in" })).toBe("in");
  });
});

describe("openOf", () => {
  it("is a webhook, and a delivery of it", () => {
    expect(openOf({ webhook: ONE })).toEqual({ webhook: ONE });
    expect(openOf({ webhook: ONE, delivery: OTHER })).toEqual({ webhook: ONE, delivery: OTHER });
  });

  it("is no delivery without a webhook", () => {
    expect(openOf({ delivery: OTHER })).toEqual({});
  });

  it.each(["", "1", `${ONE}x`, "../sources"])("is nothing for %s", (text) => {
    expect(openOf({ webhook: text })).toEqual({});
    expect(openOf({ webhook: ONE, delivery: text })).toEqual({ webhook: ONE });
  });

  it("is nothing beside the sources", () => {
    expect(openOf({ view: "in", webhook: ONE })).toEqual({});
  });
});
