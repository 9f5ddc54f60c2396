// Which variants are picked for one change, in the versions that the person saw, and what becomes of them.
import { type BulkIn, type BulkItemOut, catalogChangeVariants, type VariantRowOut } from "@/api";

/** A picked variant: its version as it was read, and its name for the report. */
export interface Pick {
  version: number;
  name: string;
}

export type Picks = ReadonlyMap<string, Pick>;
export type Change = BulkIn["change"];
export type Outcome = BulkItemOut["outcome"];

/** What became of a change: how many had which outcome, and why some were left as they are. */
export interface BulkReport {
  counts: Record<Outcome, number>;
  left: { id: string; name: string; outcome: Outcome; detail: string }[];
}

/** How many the program changes in one call. */
export const MOST_AT_ONCE = 200;

export function pick(picks: Picks, rows: readonly VariantRowOut[], isPicked: boolean): Picks {
  const next = new Map(picks);
  for (const { id, version, name } of rows) {
    if (isPicked) next.set(id, { version, name });
    else next.delete(id);
  }
  return next;
}

/** Change all picked variants, as many calls as it takes; returns what became of each. */
export async function changePicked(picks: Picks, change: Change): Promise<BulkItemOut[]> {
  const items = [...picks].map(([id, { version }]) => ({ id, version }));
  const found: BulkItemOut[] = [];
  for (let start = 0; start < items.length; start += MOST_AT_ONCE) {
    const part = items.slice(start, start + MOST_AT_ONCE);
    found.push(...(await catalogChangeVariants({ body: { change, items: part } })).items);
  }
  return found;
}

/** Return what stays picked: all but what somebody else changed or removed, which has to be looked at first. */
export function afterChange(picks: Picks, items: readonly BulkItemOut[]): Picks {
  const next = new Map(picks);
  for (const { id, outcome, version } of items) {
    const known = next.get(id);
    if (outcome === "conflict" || outcome === "unknown" || version === null) next.delete(id);
    else if (known !== undefined) next.set(id, { ...known, version });
  }
  return next;
}

export function reportOf(picks: Picks, items: readonly BulkItemOut[]): BulkReport {
  const counts = { changed: 0, unchanged: 0, conflict: 0, unknown: 0, refused: 0 };
  for (const item of items) counts[item.outcome] += 1;
  const left = items
    .filter((item) => item.outcome !== "changed" && item.outcome !== "unchanged")
    .map(({ id, outcome, detail }) => ({
      id,
      outcome,
      name: picks.get(id)?.name ?? id,
      detail: detail ?? "",
    }));
  return { counts, left };
}
