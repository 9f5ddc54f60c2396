// What is read of a stack: where it happened, in the browsers' two ways of writing it, and nothing else.
import { expect, it } from "vitest";

import { placesOf } from "./reporting";

const TILL = "https://shop.example/assets/till-C0ffee.js";

it("reads the places of both ways to write a stack", () => {
  const chrome = `TypeError: nothing of Ada\n    at pay (${TILL}?v=1:1:7)\n    at ${TILL}:2:9`;
  const firefox = `pay@${TILL}:1:7\n@${TILL}:2:9`;
  const expected = [
    { file: "/assets/till-C0ffee.js", function: "pay", line: 1, column: 7 },
    { file: "/assets/till-C0ffee.js", function: "", line: 2, column: 9 },
  ];
  expect(placesOf(chrome)).toEqual(expected);
  expect(placesOf(firefox)).toEqual(expected);
});

it("passes over what is no place, and ends somewhere", () => {
  expect(placesOf("Error: at home\n    at <anonymous>\nnative code")).toEqual([]);
  expect(placesOf(`at a (${TILL}:1:1)\n`.repeat(99))).toHaveLength(30);
});
