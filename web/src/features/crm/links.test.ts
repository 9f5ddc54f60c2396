import { expect, it } from "vitest";

import { callOf, letterOf, siteOf } from "./links";

it("calls the number as the world dials it, or else as it was written", () => {
  expect(callOf({ written: "8 (912) 345-67-89", e164: "+79123456789" })).toBe("tel:+79123456789");
  expect(callOf({ written: "112 *5", e164: null })).toBe("tel:112*5");
});

it("writes to the address alone, whatever it holds", () => {
  expect(letterOf("a?cc=b@shop.example")).toBe("mailto:a%3Fcc%3Db@shop.example");
});

it.each([
  ["https://shop.example/a", "https://shop.example/a"],
  ["http://shop.example", "http://shop.example/"],
  ["shop.example", "https://shop.example/"],
  ["shop.example:8080", "https://shop.example:8080/"],
  ["javascript:alert(1)", null],
  ["data:text/html,x", null],
  ["http://", null],
])("leads from %s to %s", (url, expected) => {
  expect(siteOf(url)).toBe(expected);
});
