import { describe, expect, it } from "vitest";

import { actsInField, nameOf } from "./keys";

const press = (key: string, code: string, ctrlKey = false) => nameOf({ key, code, ctrlKey });

describe("the keys of the till", () => {
  it("go by what they type, and with Ctrl by their place on every layout", () => {
    expect(press("+", "NumpadAdd")).toBe("+");
    expect(press("z", "KeyZ", true)).toBe("ctrl+z");
    expect(press("я", "KeyZ", true)).toBe("ctrl+z");
    expect(press("Enter", "Enter", true)).toBe("ctrl+enter");
  });

  it("leave a field its letters and signs, but not the finder while it is empty", () => {
    expect(actsInField("F9", false)).toBe(true);
    expect(actsInField("+", false)).toBe(false);
    expect(actsInField("+", true)).toBe(true);
  });
});
