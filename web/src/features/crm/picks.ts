// One change to the contacts that are picked, and what takes it back.
import { type BulkItemOut, type ContactsBulkIn, crmChangeContacts } from "@/api";
import { inParts, type Picks, type Told } from "@/ui/bulk";

export type Change = ContactsBulkIn["change"];
/** What can be taken back; of contacts that were given away each had its own owner before. */
export type Reversible = Exclude<Change, { kind: "give" }>;

/** Change all picked contacts, as many calls as it takes; returns what became of each.
 *
 * To whom a contact is given stands against what others do at the same time, so it counts for the version that was
 * seen; tags and the archive go together with it.
 */
export function changePicked(picks: Picks, change: Change): Promise<BulkItemOut[]> {
  const items = [...picks].map(([id, { version }]) => (change.kind === "give" ? { id, version } : { id }));
  return inParts(items, (part) => crmChangeContacts({ body: { change, items: part } }));
}

/** Return the change that takes another back. */
export function reversed(change: Reversible): Reversible {
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
export function changedOf(picks: Picks, items: readonly Told<string>[]): Picks {
  const changed = new Set(items.filter(({ outcome }) => outcome === "changed").map(({ id }) => id));
  return new Map([...picks].filter(([id]) => changed.has(id)));
}
