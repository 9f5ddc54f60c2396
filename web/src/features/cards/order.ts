// From card to card: which ones a person goes through, which comes next, and how many are done.
import type { CardRowOut } from "@/api";

export interface Progress {
  decided: number;
  all: number;
  accepted: number;
  skipped: number;
}

/** Return the cards that a person decides on, in the order of their pictures: a side that was joined to another is decided with it. */
export function decidable(rows: readonly CardRowOut[]): CardRowOut[] {
  return rows
    .filter((row) => row.joined_to === null)
    .toSorted((one, other) => byTime(one.photo_id, other.photo_id) || one.number - other.number);
}

/** In the order in which pictures were chosen, not in which they arrived: ids are made in order (UUIDv7). */
export function byTime(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

export function progressOf(rows: readonly CardRowOut[]): Progress {
  const count = (state: CardRowOut["state"]) => rows.filter((row) => row.state === state).length;
  const [accepted, skipped] = [count("accepted"), count("skipped")];
  return { decided: accepted + skipped, all: rows.length, accepted, skipped };
}

/** Return the next card to decide on after one, going round to those left out before; undefined when all are decided. */
export function nextDraft(rows: readonly CardRowOut[], after: string | undefined): CardRowOut | undefined {
  const at = rows.findIndex((row) => row.id === after);
  return [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find(
    (row) => row.state === "draft" && row.id !== after,
  );
}

export interface Wanted {
  card?: string | undefined;
  photo?: string | undefined;
}

/** Return the card that is shown: the one of the address, the first of its picture, or the first to decide on. */
export function shownOf(all: readonly CardRowOut[], { card, photo }: Wanted): CardRowOut | undefined {
  const rows = decidable(all);
  const id = all.find((row) => row.id === card)?.joined_to ?? card;
  return (
    rows.find((row) => row.id === id) ??
    rows.find((row) => row.photo_id === photo) ??
    rows.find((row) => row.state === "draft")
  );
}

export function neighbour(rows: readonly CardRowOut[], of: string, step: 1 | -1): CardRowOut | undefined {
  const at = rows.findIndex((row) => row.id === of);
  return at < 0 ? undefined : rows[at + step];
}
