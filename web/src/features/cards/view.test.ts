import { describe, expect, it } from "vitest";

import { fitted, middleOf, moved, zoomed } from "./view";

const WHOLE = { x: 0, y: 0, width: 1000, height: 600 };
const VIEW = { x: 200, y: 100, width: 400, height: 240 };

describe("what is seen of a picture", () => {
  it("is a place with a margin on every side", () => {
    expect(fitted(VIEW)).toEqual({ x: 176, y: 76, width: 448, height: 288 });
  });

  it("keeps the point that it is zoomed about where it is", () => {
    const near = zoomed(VIEW, 2, [300, 160], WHOLE);
    expect(near).toEqual({ x: 250, y: 130, width: 200, height: 120 });
  });

  it("is never more than the whole, nor less than a word", () => {
    let view = VIEW;
    for (let count = 0; count < 20; count += 1) view = zoomed(view, 0.5, middleOf(view), WHOLE);
    expect(view.width).toBe(1200);
    for (let count = 0; count < 20; count += 1) view = zoomed(view, 2, middleOf(view), WHOLE);
    expect(view.width).toBeCloseTo(1000 / 12);
  });

  it("never loses the picture, however far it is moved", () => {
    expect(middleOf(moved(VIEW, 99_999, -99_999, WHOLE))).toEqual([1000, 0]);
    expect(moved(VIEW, 10, 20, WHOLE)).toEqual({ ...VIEW, x: 210, y: 120 });
  });
});
