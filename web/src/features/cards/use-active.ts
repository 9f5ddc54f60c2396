// Which lines and which fields belong together under the pointer or the focus: each shows the other.
import { useState } from "react";

import type { Drawn } from "./picture";
import { type Place } from "./places";
import { quadOf } from "./quad";
import { isUnsure, placesWith, SURE, type Work } from "./work";

export interface Active {
  boxes: ReadonlySet<number>;
  places: ReadonlySet<Place>;
}

export function useActive(work: Work) {
  const [box, setBox] = useState<number | null>(null);
  const [place, setPlace] = useState<Place | null>(null);
  return { active: activeOf(work, box, place), onBox: setBox, onPlace: setPlace };
}

export function activeOf(work: Work, box: number | null, place: Place | null): Active {
  return {
    boxes: new Set([
      ...(box === null ? [] : [box]),
      ...(place === null ? [] : (work.links[place]?.boxes ?? [])),
    ]),
    places: new Set([...(box === null ? [] : placesWith(work, box)), ...(place === null ? [] : [place])]),
  };
}

/** Return how each line is drawn over the picture. */
export function drawnOf(work: Work, active: Active): Drawn[] {
  return work.boxes.map((box) => {
    const places = placesWith(work, box.id);
    const isDoubtful = places.some((place) => isUnsure(work, place));
    return {
      id: box.id,
      text: box.text,
      quad: quadOf(box.quad),
      look: places.length === 0 ? "unused" : isDoubtful || box.confidence < SURE ? "unsure" : "used",
      isActive: active.boxes.has(box.id),
    };
  });
}
