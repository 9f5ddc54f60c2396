// Tells the program of errors that nothing in the page caught: a few of each page load, each once, without their data.
import { browserReportError, type PlaceIn } from "@/api";

import { ApiProblem, NoAnswer } from "../http";

const MOST = 5;
const MOST_PLACES = 30;
/** Chrome's "at pay (https://…/assets/till.js:1:7)" and Firefox' "pay@https://…/assets/till.js:1:7". */
const PLACE = /^\s*(?:at )?(?:(.*?)\s?[(@])?(https?:\/\/[^\s)]+):(\d+):(\d+)\)?$/;

const told = new Set<string>();

/** Read the places of a stack, the innermost first; what is no place is passed over. */
export function placesOf(stack: string): PlaceIn[] {
  const places: PlaceIn[] = [];
  for (const line of stack.split("\n")) {
    const found = PLACE.exec(line);
    if (found?.[2] === undefined || places.length === MOST_PLACES) continue;
    const name = (found[1] ?? "").slice(0, 100);
    const file = new URL(found[2]).pathname.slice(0, 200);
    places.push({ file, function: name, line: Number(found[3]), column: Number(found[4]) });
  }
  return places;
}

/** Tell of an error, unless the program itself refused or did not answer, or it was told before. */
export function report(error: unknown): void {
  if (!(error instanceof Error) || error instanceof ApiProblem || error instanceof NoAnswer) return;
  const key = `${error.name} ${error.stack ?? error.message}`;
  if (told.has(key) || told.size === MOST) return;
  told.add(key);
  const kind = /^[A-Za-z][A-Za-z0-9]{0,59}$/.test(error.name) ? error.name : "Error";
  const page = window.location.pathname.slice(0, 300);
  const body = { kind, message: error.message.slice(0, 1000), page, places: placesOf(error.stack ?? "") };
  // That it cannot be told either is nobody's trouble.
  browserReportError({ body }).catch(() => undefined);
}

/** Listen from now on. */
export function reportErrors(): void {
  window.addEventListener("error", (event) => {
    report(event.error);
  });
  window.addEventListener("unhandledrejection", (event) => {
    report(event.reason);
  });
}
