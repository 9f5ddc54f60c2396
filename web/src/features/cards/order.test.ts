import { expect, it } from "vitest";

import type { CardRowOut } from "@/api";

import { decidable, neighbour, nextDraft, progressOf, shownOf } from "./order";

function row(id: string, state: CardRowOut["state"], more: Partial<CardRowOut> = {}): CardRowOut {
  return {
    id,
    photo_id: `photo of ${id}`,
    batch_id: "b",
    number: 1,
    state,
    name: id,
    company: null,
    unsure: 0,
    place: [
      [0, 0],
      [9, 0],
      [9, 5],
      [0, 5],
    ],
    photo_width: 9,
    photo_height: 5,
    joined_to: null,
    contact_id: null,
    ...more,
  };
}

const ROWS = [row("a", "accepted"), row("b", "draft"), row("c", "skipped"), row("d", "draft")];

it("counts what is decided", () => {
  expect(progressOf(ROWS)).toEqual({ decided: 2, all: 4, accepted: 1, skipped: 1 });
});

it("goes on to the next card that is open, round the end and never to the same", () => {
  expect(nextDraft(ROWS, "b")?.id).toBe("d");
  expect(nextDraft(ROWS, "d")?.id).toBe("b");
  expect(nextDraft(ROWS, undefined)?.id).toBe("b");
  expect(nextDraft(ROWS.slice(0, 2), "b")).toBeUndefined();
});

it("shows the card of the address, the first of its picture, or the first that is open", () => {
  expect(shownOf(ROWS, { card: "c" })?.id).toBe("c");
  expect(shownOf(ROWS, { card: "gone", photo: "photo of d" })?.id).toBe("d");
  expect(shownOf(ROWS, {})?.id).toBe("b");
  expect(shownOf(ROWS.slice(0, 1), {})).toBeUndefined();
});

it("takes a side that was joined for the card that it was joined to", () => {
  const rows = [...ROWS, row("e", "draft", { joined_to: "d" })];
  expect(decidable(rows)).toEqual(ROWS);
  expect(shownOf(rows, { card: "e" })?.id).toBe("d");
});

it("goes through the cards in the order in which their pictures were chosen, and as they lie in each", () => {
  const rows = [row("x", "draft", { photo_id: "02" }), row("y", "draft", { photo_id: "01", number: 2 })];
  const first = row("z", "draft", { photo_id: "01" });
  expect(decidable([...rows, first]).map((one) => one.id)).toEqual(["z", "y", "x"]);
});

it("steps to the cards beside, and nowhere past the ends", () => {
  expect([neighbour(ROWS, "b", 1)?.id, neighbour(ROWS, "b", -1)?.id]).toEqual(["c", "a"]);
  expect([neighbour(ROWS, "d", 1), neighbour(ROWS, "gone", 1)]).toEqual([undefined, undefined]);
});
