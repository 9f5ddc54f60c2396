// The URL may hold anything.
import { describe, expect, it } from "vitest";

import { errorOf, nameOf, roleOf, shortPlace, stateOf } from "./search";

describe("stateOf", () => {
  it("is what is open where nothing else is asked for", () => {
    expect(stateOf({})).toBe("open");
    expect(stateOf({ state: "lost" })).toBe("open");
    expect(stateOf({ state: "ignored" })).toBe("ignored");
  });
});

describe("roleOf", () => {
  it("is a part of the program, or all of them", () => {
    expect(roleOf({ role: "worker" })).toBe("worker");
    expect(roleOf({ role: "till" })).toBeUndefined();
    expect(roleOf({})).toBeUndefined();
  });
});

describe("errorOf", () => {
  it.each([undefined, "", "1", "../../x", "01926e6a-0000-7000-8000-00000000001"])(
    "is none for %s",
    (error) => {
      expect(errorOf(error === undefined ? {} : { error })).toBeUndefined();
    },
  );

  it("is an id", () => {
    const id = "01926e6a-0000-7000-8000-000000000013";
    expect(errorOf({ error: id })).toBe(id);
  });
});

it("nameOf is the kind without its package, or the line of the log", () => {
  expect(nameOf({ kind: "asyncpg.exceptions.RaiseError", event: "job" })).toBe("RaiseError");
  expect(nameOf({ kind: "TypeError", event: "browser error" })).toBe("TypeError");
  expect(nameOf({ kind: null, event: "child ended unasked" })).toBe("child ended unasked");
});

it("shortPlace leaves the folders out", () => {
  expect(shortPlace("tradepost/pos/service.py:sell")).toBe("service.py:sell");
  expect(shortPlace("mainstay.mail")).toBe("mainstay.mail");
});
