// The lines that were read from a card, as the reviewer corrects them: split, merged, retyped. Whatever is new has an id
// of its own, so that the program can tell what was read from what was made.
import type { CardBox } from "@/api";
import { around, cornersOf, pieceOf, quadOf } from "./quad";

/** What became of the boxes, and which took the place of which. */
export interface Changed {
  boxes: readonly CardBox[];
  gone: readonly number[];
  made: readonly CardBox[];
}

export const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== "");

/** Split a box before a word (counted from 0); null where nothing would be left on one side. */
export function splitBox(boxes: readonly CardBox[], id: number, word: number): Changed | null {
  const box = boxes.find((one) => one.id === id);
  const words = wordsOf(box?.text ?? "");
  if (box === undefined || word < 1 || word >= words.length) return null;
  const texts = [words.slice(0, word).join(" "), words.slice(word).join(" ")] as const;
  const whole = words.join(" ").length;
  const quad = quadOf(box.quad);
  const next = nextId(boxes);
  return replaced(
    boxes,
    [box],
    [
      { ...box, id: next, text: texts[0], quad: cornersOf(pieceOf(quad, 0, texts[0].length / whole)) },
      {
        ...box,
        id: next + 1,
        text: texts[1],
        quad: cornersOf(pieceOf(quad, (texts[0].length + 1) / whole, 1)),
      },
    ],
  );
}

/** Merge a box with the one after it; null where it is the last. */
export function mergeWithNext(boxes: readonly CardBox[], id: number): Changed | null {
  const at = boxes.findIndex((one) => one.id === id);
  const [box, after] = [boxes[at], boxes[at + 1]];
  if (box === undefined || after === undefined) return null;
  const made: CardBox = {
    id: nextId(boxes),
    text: `${box.text} ${after.text}`,
    quad: cornersOf(around(quadOf(box.quad), quadOf(after.quad))),
    confidence: Math.min(box.confidence, after.confidence),
    ...(box.engine === undefined ? {} : { engine: box.engine }),
  };
  return replaced(boxes, [box, after], [made]);
}

/** Write what a box says; a person who typed it is sure. Null where it says so already, or nothing. */
export function retypeBox(boxes: readonly CardBox[], id: number, text: string): Changed | null {
  const box = boxes.find((one) => one.id === id);
  const typed = wordsOf(text).join(" ");
  if (box === undefined || typed === "" || typed === box.text) return null;
  return replaced(boxes, [box], [{ ...box, id: nextId(boxes), text: typed, confidence: 1 }]);
}

function replaced(boxes: readonly CardBox[], gone: readonly CardBox[], made: readonly CardBox[]): Changed {
  const [first] = gone;
  return {
    boxes: boxes.flatMap((one) => (one === first ? made : gone.includes(one) ? [] : [one])),
    gone: gone.map((one) => one.id),
    made,
  };
}

const nextId = (boxes: readonly CardBox[]) => Math.max(0, ...boxes.map((one) => one.id)) + 1;
