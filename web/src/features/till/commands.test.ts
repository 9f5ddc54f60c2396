import { describe, expect, it } from "vitest";

import { bars } from "@/ui/code39";

import { COMMANDS, commandOf } from "./commands";

describe("the codes that mean an act", () => {
  it("are told from the codes of products", () => {
    expect(commandOf("TILL-CASH")).toBe("cash");
    expect(commandOf("TILL-CARD")).toBe("card");
    expect(commandOf("4006381333931")).toBeNull();
    expect(commandOf("toString")).toBeNull();
  });

  it("can be printed, and are long enough to be told from typing", () => {
    for (const code of Object.keys(COMMANDS)) {
      expect(bars(code).length).toBeGreaterThan(0);
      expect(code.length).toBeGreaterThanOrEqual(6);
    }
  });
});
