import { describe, expect, it } from "vitest";

import {
  around,
  boundsOf,
  cornersOf,
  pieceOf,
  pointsOf,
  type Quad,
  quadOf,
  turnedBounds,
  uprightTurn,
} from "./quad";

const LINE: Quad = [
  [10, 20],
  [110, 20],
  [110, 40],
  [10, 40],
];
/** The same line on a card that lies on its right side: it is read from the top down. */
const DOWN: Quad = [
  [40, 10],
  [40, 110],
  [20, 110],
  [20, 10],
];

describe("a place in a picture", () => {
  it("comes from corners and goes back to them", () => {
    expect(cornersOf(quadOf(cornersOf(LINE)))).toEqual(cornersOf(LINE));
    expect(pointsOf(LINE)).toBe("10,20 110,20 110,40 10,40");
  });

  it("has bounds, whichever way it lies", () => {
    expect(boundsOf(LINE)).toEqual({ x: 10, y: 20, width: 100, height: 20 });
    expect(boundsOf(DOWN)).toEqual({ x: 20, y: 10, width: 20, height: 100 });
  });

  it("is cut along the print, also where that runs downwards", () => {
    expect(boundsOf(pieceOf(LINE, 0, 0.25))).toEqual({ x: 10, y: 20, width: 25, height: 20 });
    expect(boundsOf(pieceOf(DOWN, 0.75, 1))).toEqual({ x: 20, y: 85, width: 20, height: 25 });
  });
});

describe("two places together", () => {
  it("are one as upright as the first", () => {
    const after: Quad = [
      [120, 18],
      [200, 18],
      [200, 42],
      [120, 42],
    ];
    expect(boundsOf(around(LINE, after))).toEqual({ x: 10, y: 18, width: 190, height: 24 });
  });

  it("stay in the direction of reading on a card that lies on its side", () => {
    const below: Quad = [
      [15, 10],
      [15, 60],
      [0, 60],
      [0, 10],
    ];
    const both = around(DOWN, below);
    expect(both[0].map(Math.round)).toEqual([40, 10]);
    expect(both[2].map(Math.round)).toEqual([0, 110]);
  });
});

describe("print that is to stand upright", () => {
  it("is not turned where it does", () => {
    expect(uprightTurn([LINE])).toBe(-0);
    expect(uprightTurn([])).toBe(0);
  });

  it("is turned back by as much as the card was turned", () => {
    expect(uprightTurn([DOWN])).toBe(-90);
    const { width, height } = turnedBounds(DOWN, uprightTurn([DOWN]));
    expect([width, height].map(Math.round)).toEqual([100, 20]);
  });

  it("follows the longest line, whatever runs across it", () => {
    const short: Quad = [
      [0, 0],
      [0, 30],
      [-10, 30],
      [-10, 0],
    ];
    expect(uprightTurn([short, LINE, short])).toBe(-0);
  });
});
