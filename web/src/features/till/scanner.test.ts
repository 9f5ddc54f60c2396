import { describe, expect, it } from "vitest";

import { ScannerDetector, withoutScan } from "./scanner";

function type(detector: ScannerDetector, text: string, gap: number, start = 1000): string | null {
  let at = start;
  for (const key of text) {
    detector.feed({ key, at, hasModifier: false });
    at += gap;
  }
  return detector.feed({ key: "Enter", at, hasModifier: false });
}

describe("the scanner detector", () => {
  it.each(["26015638", "012345678905", "0039272000661", "10012345678902"])(
    "reads %s with its leading zeros",
    (code) => {
      expect(type(new ScannerDetector(), code, 8)).toBe(code);
    },
  );

  it("leaves what a person types alone", () => {
    expect(type(new ScannerDetector(), "12345678", 120)).toBeNull();
  });

  it("forgives a busy machine one slow key", () => {
    const detector = new ScannerDetector();
    const code = "4009309132524";
    Array.from(code).forEach((key, index) =>
      detector.feed({ key, at: index * 5 + (index > 6 ? 90 : 0), hasModifier: false }),
    );
    expect(detector.feed({ key: "Enter", at: 170, hasModifier: false })).toBe(code);
  });

  it("leaves short bursts alone", () => {
    expect(type(new ScannerDetector(), "123", 5)).toBeNull();
  });

  it("forgets what was typed before the scan", () => {
    const detector = new ScannerDetector();
    detector.feed({ key: "x", at: 0, hasModifier: false });
    expect(type(detector, "4009309132524", 5)).toBe("4009309132524");
  });

  it("is not misled by shortcuts", () => {
    const detector = new ScannerDetector();
    detector.feed({ key: "4", at: 990, hasModifier: false });
    detector.feed({ key: "k", at: 995, hasModifier: true });
    expect(type(detector, "4009309132524", 5)).toBe("4009309132524");
  });

  it("reads two scans one after the other", () => {
    const detector = new ScannerDetector();
    expect(type(detector, "4009309132524", 5)).toBe("4009309132524");
    expect(type(detector, "26015638", 5, 1200)).toBe("26015638");
  });

  it("knows a sign inside a code from the same key pressed or held by a person", () => {
    const after = (keys: string, gap: number) => {
      const detector = new ScannerDetector();
      Array.from(keys, (key, index) => detector.feed({ key, at: index * gap, hasModifier: false }));
      return detector.isInBurst;
    };
    expect(after("SKU-", 5)).toBe(true);
    expect(after("-", 5)).toBe(false);
    expect(after("++++", 33)).toBe(false);
    expect(after("5-", 120)).toBe(false);
  });

  it("takes the code out of the field that had the focus", () => {
    expect(withoutScan("oat4009309132524", "4009309132524")).toBe("oat");
    expect(withoutScan("oat", "4009309132524")).toBe("oat");
  });
});
