// Which contacts are picked for one change, and what becomes of them.
import { crmChangeContacts, type ContactsBulkIn as BulkIn, type ContactsBulkItemOut as Item } from "@/api";

/** The names of what is picked, by id. */
export type Picks = ReadonlyMap<string, string>;
export type Change = Exclude<BulkIn["change"], { kind: "give" }>;
export type Outcome = Item["outcome"];

/** What became of a change: how many had which outcome, and why some were left as they are. */
export interface BulkReport {
  changed: number;
  unchanged: number;
  left: { id: string; name: string; outcome: Outcome; detail: string }[];
}

/** How many the program changes in one call. */
export const MOST_AT_ONCE = 200;

export function pick(picks: Picks, rows: readonly { id: string; name: string }[], isPicked: boolean): Picks {
  const next = new Map(picks);
  for (const { id, name } of rows) {
    if (isPicked) next.set(id, name);
    else next.delete(id);
  }
  return next;
}

/** Change all picked contacts, as many calls as it takes; returns what became of each. */
export async function changePicked(picks: Picks, change: Change): Promise<Item[]> {
  const ids = [...picks.keys()];
  const found: Item[] = [];
  for (let start = 0; start < ids.length; start += MOST_AT_ONCE) {
    const part = ids.slice(start, start + MOST_AT_ONCE);
    found.push(...(await crmChangeContacts({ body: { change, ids: part } })).items);
  }
  return found;
}

/** Return the change that takes another back. */
export function reversed(change: Change): Change {
  switch (change.kind) {
    case "archive":
      return { kind: "unarchive" };
    case "unarchive":
      return { kind: "archive" };
    case "add_tag":
      return { ...change, kind: "remove_tag" };
    case "remove_tag":
      return { ...change, kind: "add_tag" };
    case "add_group":
      return { ...change, kind: "remove_group" };
    case "remove_group":
      return { ...change, kind: "add_group" };
  }
}

/** Return those that a change did change: what was so before stays when it is taken back. */
export function changedOf(picks: Picks, items: readonly Pick<Item, "id" | "outcome">[]): Picks {
  const ids = items.filter(({ outcome }) => outcome === "changed").map(({ id }) => id);
  return new Map(ids.map((id) => [id, picks.get(id) ?? id]));
}

export function reportOf(
  picks: Picks,
  items: readonly Pick<Item, "id" | "outcome" | "detail">[],
): BulkReport {
  const count = (outcome: Outcome) => items.filter((item) => item.outcome === outcome).length;
  return {
    changed: count("changed"),
    unchanged: count("unchanged"),
    left: items
      .filter(({ outcome }) => outcome !== "changed" && outcome !== "unchanged")
      .map(({ id, outcome, detail }) => ({
        id,
        outcome,
        name: picks.get(id) ?? id,
        detail: detail ?? "",
      })),
  };
}
