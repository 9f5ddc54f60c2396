import { expect, it } from "vitest";

import { actsInField, KEYS, nameOf } from "./keys";

const pressed = (key: string, more: Partial<KeyboardEvent> = {}) =>
  nameOf({ key, code: "", ctrlKey: false, metaKey: false, ...more });

it("knows each key once", () => {
  const all = KEYS.flatMap((one) => [...one.keys]);
  expect(new Set(all).size).toBe(all.length);
});

it.each([
  [pressed("Enter", { ctrlKey: true, code: "Enter" }), "ctrl+Enter"],
  [pressed("Enter", { metaKey: true, code: "Enter" }), "ctrl+Enter"],
  [pressed("я", { ctrlKey: true, code: "KeyZ" }), "ctrl+z"],
  [pressed("="), "+"],
  [pressed("F4"), "F4"],
])("calls a key by its name: %j is %j", (name, expected) => {
  expect(name).toBe(expected);
});

it("leaves letters, signs and the field's own undo to the field", () => {
  const acting = KEYS.flatMap((one) => [...one.keys]).filter(actsInField);
  expect(acting).toEqual(["ctrl+Enter", "F4", "PageDown", "PageUp", "F2", "F8"]);
});
