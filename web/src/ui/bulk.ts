// One change to everything that is picked in a list: in how many calls it is asked for, and what became of each.
import type { BulkItemOut } from "@/api";

export type Outcome = BulkItemOut["outcome"];
export type Told<Key> = Omit<BulkItemOut, "id"> & { id: Key };

/** A picked record: its name for the report, and its version as it was read; those without versions have 0. */
export interface Pick {
  version: number;
  name: string;
}

export type Picks<Key = string> = ReadonlyMap<Key, Pick>;

/** What became of a change: how many had which outcome, and why some were left as they are. */
export interface BulkReport<Key = string> {
  counts: Record<Outcome, number>;
  left: { id: Key; name: string; outcome: Outcome; detail: string }[];
}

/** How many the program changes in one call. */
export const MOST_AT_ONCE = 200;

export function pick<Key>(
  picks: Picks<Key>,
  rows: readonly (Pick & { id: Key })[],
  isPicked: boolean,
): Picks<Key> {
  const next = new Map(picks);
  for (const { id, version, name } of rows) {
    if (isPicked) next.set(id, { version, name });
    else next.delete(id);
  }
  return next;
}

/** Return what of the picks is still in a list that changes by itself. */
export function kept<Key>(picks: Picks<Key>, rows: readonly { id: Key }[]): Picks<Key> {
  const present = new Set(rows.map(({ id }) => id));
  return new Map([...picks].filter(([id]) => present.has(id)));
}

/** Send all items, in as many calls as it takes; returns what became of each. */
export async function inParts<Item, Out>(
  items: readonly Item[],
  send: (part: Item[]) => Promise<{ items: Out[] }>,
): Promise<Out[]> {
  const found: Out[] = [];
  for (let start = 0; start < items.length; start += MOST_AT_ONCE)
    found.push(...(await send(items.slice(start, start + MOST_AT_ONCE))).items);
  return found;
}

/** Return what stays picked: all but what somebody else changed or removed, which has to be looked at first. */
export function afterChange<Key>(picks: Picks<Key>, items: readonly Told<Key>[]): Picks<Key> {
  const next = new Map(picks);
  for (const { id, outcome, version } of items) {
    const known = next.get(id);
    if (outcome === "conflict" || outcome === "unknown") next.delete(id);
    else if (known !== undefined && version !== null) next.set(id, { ...known, version });
  }
  return next;
}

export function reportOf<Key>(picks: Picks<Key>, items: readonly Told<Key>[]): BulkReport<Key> {
  const counts = { changed: 0, unchanged: 0, conflict: 0, unknown: 0, refused: 0 };
  for (const item of items) counts[item.outcome] += 1;
  const left = items
    .filter((item) => item.outcome !== "changed" && item.outcome !== "unchanged")
    .map(({ id, outcome, detail }) => ({
      id,
      outcome,
      name: picks.get(id)?.name ?? String(id),
      detail: detail ?? "",
    }));
  return { counts, left };
}
