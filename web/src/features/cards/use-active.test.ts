import { expect, it } from "vitest";

import type { CardBox } from "@/api";

import { activeOf, drawnOf } from "./use-active";
import { begin } from "./work";

const quad: CardBox["quad"] = [
  [0, 0],
  [9, 0],
  [9, 9],
  [0, 9],
];
const WORK = begin({
  boxes: [1, 2, 3].map((id) => ({ id, text: `line ${id}`, quad, confidence: id === 2 ? 0.5 : 0.9 })),
  fields: [
    { kind: "name", index: 0, value: "line 1", confidence: 0.9, box_ids: [1] },
    { kind: "title", index: 0, value: "line 2", confidence: 0.5, box_ids: [2] },
  ],
  contact: { name: "line 1", title: "line 2" },
});

it("shows the lines of a field, and the fields of a line", () => {
  expect(activeOf(WORK, null, "title")).toEqual({ boxes: new Set([2]), places: new Set(["title"]) });
  expect(activeOf(WORK, 1, null)).toEqual({ boxes: new Set([1]), places: new Set(["name"]) });
  expect(activeOf(WORK, 3, null)).toEqual({ boxes: new Set([3]), places: new Set() });
});

it("draws lines by what became of them", () => {
  const drawn = drawnOf(WORK, activeOf(WORK, 1, null));
  expect(drawn.map(({ look, isActive }) => [look, isActive])).toEqual([
    ["used", true],
    ["unsure", false],
    ["unused", false],
  ]);
});
