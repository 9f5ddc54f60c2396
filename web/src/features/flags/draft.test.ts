import { describe, expect, it } from "vitest";

import type { FlagOut } from "@/api";

import { draftOf, localOf, newRule, ruleOf, valueOf } from "./draft";

const flag: FlagOut = {
  key: "lab.sign",
  says: { en: "The sign", ru: "Вывеска" },
  values: ["plain", "large"],
  default: "plain",
  is_for_all: false,
  rules: [],
  otherwise: null,
  version: 0,
  changed_at: null,
};

describe("a switch while it is written", () => {
  it("begins a rule with what the switch is not already", () => {
    expect(newRule(flag).value).toBe("large");
    expect(newRule({ ...flag, values: [false, true], default: true }).value).toBe(false);
  });

  it("keeps a rule as it was when nothing is changed", () => {
    const rule = {
      value: "large",
      roles: ["cashier"],
      places: [],
      actors: [],
      percent: 0,
      since: "2026-11-30T10:00:00.000Z",
      until: null,
    };
    expect(ruleOf(draftOf(rule))).toEqual(rule);
  });

  it("takes an empty share for no share, which is everybody", () => {
    expect(ruleOf({ ...newRule(flag), percent: " " }).percent).toBeNull();
  });

  it("tells a value by its name, and nothing by the empty choice", () => {
    expect(valueOf(flag, "large")).toBe("large");
    expect(valueOf(flag, "")).toBeNull();
    expect(valueOf({ ...flag, values: [false, true], default: true }, "false")).toBe(false);
  });

  it("shows a moment in local time to the minute", () => {
    expect(new Date(localOf("2026-11-30T10:05:00Z")).toISOString()).toBe("2026-11-30T10:05:00.000Z");
  });
});
