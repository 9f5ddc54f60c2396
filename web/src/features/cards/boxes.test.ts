import { describe, expect, it } from "vitest";

import type { CardBox } from "@/api";

import { mergeWithNext, retypeBox, splitBox } from "./boxes";

function box(id: number, text: string, x: number, width: number): CardBox {
  const quad: CardBox["quad"] = [
    [x, 0],
    [x + width, 0],
    [x + width, 10],
    [x, 10],
  ];
  return { id, text, quad, confidence: 0.7, engine: "rapidocr" };
}

const PERSON = box(1, "Anna Kern", 0, 90);
const PHONE = box(2, "Tel +49 30 1234", 0, 150);
const BOXES = [PERSON, PHONE];

describe("splitting a line", () => {
  it("gives both parts ids of their own, and each its share of the place", () => {
    const split = splitBox(BOXES, 2, 1);
    expect(split?.gone).toEqual([2]);
    expect(split?.boxes.map(({ id, text }) => [id, text])).toEqual([
      [1, "Anna Kern"],
      [3, "Tel"],
      [4, "+49 30 1234"],
    ]);
    expect(split?.made.map(({ quad }) => [quad[0][0], quad[1][0]])).toEqual([
      [0, 30],
      [40, 150],
    ]);
  });

  it.each([
    [1, 0],
    [1, 2],
    [9, 1],
  ])("leaves box %i alone where nothing would be before or after word %i", (id, word) => {
    expect(splitBox(BOXES, id, word)).toBeNull();
  });
});

describe("merging a line with the next", () => {
  it("makes one of both, as sure as the less sure", () => {
    const merged = mergeWithNext([{ ...PERSON, confidence: 0.9 }, PHONE], 1);
    expect(merged?.gone).toEqual([1, 2]);
    expect(merged?.boxes).toMatchObject([{ id: 3, text: "Anna Kern Tel +49 30 1234", confidence: 0.7 }]);
  });

  it("leaves the last one alone", () => {
    expect(mergeWithNext(BOXES, 2)).toBeNull();
  });
});

describe("retyping a line", () => {
  it("is sure, and has an id of its own", () => {
    expect(retypeBox(BOXES, 1, "  Anna  Korn ")?.boxes[0]).toMatchObject({
      id: 3,
      text: "Anna Korn",
      confidence: 1,
    });
  });

  it.each(["", "  ", "Anna Kern"])("changes nothing with %j", (text) => {
    expect(retypeBox(BOXES, 1, text)).toBeNull();
  });
});
