// Dragging a line of the card to a field, with mouse, pen or finger. A press that does not move is a click.
import { type PointerEvent as Press, useEffect, useEffectEvent, useState } from "react";

import type { How } from "./work";
import type { Place } from "./places";

export interface Dragged<Thing> {
  what: Thing;
  x: number;
  y: number;
  isMoving: boolean;
  /** The place under the pointer, as written in `data-drop`. */
  over: string | null;
}

const MOVED_PX = 5;
const EDGE_PX = 56;

interface Ends<Thing> {
  onClick: (what: Thing) => void;
  onDrop: (what: Thing, place: Place, how: How) => void;
}

/** Write where something may be dropped, for `data-drop`. */
export const dropAt = (place: Place, how: How) => `${how} ${place}`;

function dropOf(text: string): { place: Place; how: How } {
  const [how = "", place = ""] = text.split(" ");
  return { place: place as Place, how: how === "add" ? "add" : "replace" };
}

export function useDrag<Thing>({ onClick, onDrop }: Ends<Thing>) {
  const [dragged, setDragged] = useState<Dragged<Thing> | null>(null);
  const move = useEffectEvent((event: PointerEvent) => {
    if (dragged === null) return;
    const { clientX: x, clientY: y } = event;
    const isMoving = dragged.isMoving || Math.hypot(x - dragged.x, y - dragged.y) > MOVED_PX;
    if (!isMoving) return;
    event.preventDefault();
    scrollNear(y);
    setDragged({ ...dragged, x, y, isMoving, over: overOf(x, y) });
  });
  const release = useEffectEvent((event: PointerEvent) => {
    if (dragged === null) return;
    setDragged(null);
    if (!dragged.isMoving) {
      onClick(dragged.what);
      return;
    }
    const over = overOf(event.clientX, event.clientY);
    if (over === null) return;
    const { place, how } = dropOf(over);
    onDrop(dragged.what, place, how);
  });
  const isOn = dragged !== null;
  useEffect(() => {
    if (!isOn) return;
    const cancel = () => setDragged(null);
    const escape = (event: KeyboardEvent) => {
      if (event.key === "Escape") cancel();
    };
    const onMove = (event: PointerEvent) => move(event);
    const onUp = (event: PointerEvent) => release(event);
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    window.addEventListener("pointercancel", cancel);
    window.addEventListener("keydown", escape);
    return () => {
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onUp);
      window.removeEventListener("pointercancel", cancel);
      window.removeEventListener("keydown", escape);
    };
  }, [isOn]);
  const start = (what: Thing, event: Press) => {
    if (event.button !== 0) return;
    setDragged({ what, x: event.clientX, y: event.clientY, isMoving: false, over: null });
  };
  return { dragged: dragged?.isMoving === true ? dragged : null, start };
}

function overOf(x: number, y: number): string | null {
  const place = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-drop]");
  return place?.dataset["drop"] ?? null;
}

/** Bring fields into sight that are outside of it: near the upper or lower edge the form scrolls. */
function scrollNear(y: number): void {
  const form = document.querySelector("[data-drop-scroll]");
  if (form === null) return;
  const { top, bottom } = form.getBoundingClientRect();
  if (y < top + EDGE_PX) form.scrollBy(0, -12);
  else if (y > bottom - EDGE_PX) form.scrollBy(0, 12);
}
