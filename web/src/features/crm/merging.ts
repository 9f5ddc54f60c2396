// Making one contact of several: of each field one value, of each list what all of them have, without what was switched
// off. The survivor's own values are taken unless somebody chooses others.
import type { ContactOut, MergeIn } from "@/api";

import { bodyOf, type Draft, draftOf, EMPTY } from "./draft";

export const SINGLES = [
  "kind",
  "name",
  "prefix",
  "given",
  "middle",
  "family",
  "suffix",
  "company",
  "title",
  "department",
  "language",
] as const;
/** Notes of several are kept one after the other: what somebody wrote down is not lost. */
export const LISTS = ["phones", "emails", "websites", "addresses", "tags", "groups", "notes"] as const;

export type Single = (typeof SINGLES)[number];
export type List = (typeof LISTS)[number];

/** How many the program merges at once, and takes of each list. */
export const MOST_MERGED = 20;
const MOST = {
  phones: 20,
  emails: 20,
  websites: 20,
  addresses: 10,
  tags: 50,
  groups: 50,
} as const;

/** What somebody has chosen so far. */
export interface Merging {
  survivorId: string;
  /** Whose value is taken, where it is not the usual one. */
  chosen: Readonly<Partial<Record<Single, string>>>;
  /** Entries of lists that are left out. */
  off: ReadonlySet<string>;
}

/** An entry of a list: those with the same key are the same, however they are written. */
export interface Entry {
  key: string;
  text: string;
  /** What sort it is: a mobile, an address at home. */
  kind: string;
}

/** Return the ids of an address, each once, as many as can be merged. */
export function idsOf(text: string | undefined): string[] {
  const ids = (text ?? "").split(",").filter((id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id));
  return [...new Set(ids.map((id) => id.toLowerCase()))].slice(0, MOST_MERGED);
}

/** Return the beginning: whoever is known longest survives. */
export function beginMerge(contacts: readonly ContactOut[]): Merging {
  const [oldest] = contacts.toSorted((one, other) => one.created_at.localeCompare(other.created_at));
  return { survivorId: oldest?.id ?? "", chosen: {}, off: new Set() };
}

export function textOf(field: Single, draft: Draft): string {
  return (field === "company" ? draft.company.name : draft[field]).trim();
}

export function entriesOf(list: List, contact: ContactOut): Entry[] {
  return READ[list](contact).map(({ text, key, kind = "" }) => ({
    text,
    kind,
    key: `${list} ${key ?? plain(text)}`,
  }));
}

interface Read {
  text: string;
  key?: string;
  kind?: string;
}

const READ: Record<List, (contact: ContactOut) => Read[]> = {
  phones: ({ phones }) =>
    phones.map(({ written, e164, kind }) => ({
      text: written,
      kind,
      key: e164 ?? written.replace(/\D/g, ""),
    })),
  emails: ({ emails }) => emails.map(({ address, kind }) => ({ text: address, kind })),
  websites: ({ websites }) =>
    websites.map(({ url }) => ({ text: url, key: plain(url.replace(/^https?:\/\/|\/+$/gi, "")) })),
  addresses: ({ addresses }) => addresses.map(({ text, kind }) => ({ text, kind })),
  tags: ({ tags }) => tags.map(({ name }) => ({ text: name })),
  groups: ({ groups }) => groups.map(({ name }) => ({ text: name })),
  notes: ({ notes }) => (notes.trim() === "" ? [] : [{ text: notes.trim() }]),
};

const plain = (text: string) => text.toLowerCase().split(/\s+/).join(" ").trim();

/** Return the contact whose value of a field is taken. */
export function pickOf(field: Single, contacts: readonly ContactOut[], merging: Merging): string {
  const { chosen, survivorId } = merging;
  const known = contacts.map((contact) => ({ id: contact.id, text: textOf(field, draftOf(contact)) }));
  const asked = known.find(({ id }) => id === chosen[field]) ?? known.find(({ id }) => id === survivorId);
  if (asked !== undefined && (asked.text !== "" || asked.id === chosen[field])) return asked.id;
  const [longest] = known.toSorted((one, other) => other.text.length - one.text.length);
  return longest === undefined || longest.text === "" ? survivorId : longest.id;
}

/** Return the fields that at least one contact has; whether their values differ, so that there is a choice. */
export function singlesOf(contacts: readonly ContactOut[]): { field: Single; isChoice: boolean }[] {
  const drafts = contacts.map(draftOf);
  return SINGLES.map((field) => ({ field, texts: new Set(drafts.map((draft) => textOf(field, draft))) }))
    .filter(({ field, texts }) => texts.size > 1 || (field !== "kind" && !texts.has("")))
    .map(({ field, texts }) => ({ field, isChoice: texts.size > 1 }));
}

/** Return the lists that at least one contact has something on. */
export function listsOf(contacts: readonly ContactOut[]): List[] {
  return LISTS.filter((list) => contacts.some((contact) => entriesOf(list, contact).length > 0));
}

/** Return what the survivor will be. */
export function resultOf(contacts: readonly ContactOut[], merging: Merging): Draft {
  const own = contacts.filter(({ id }) => id === merging.survivorId);
  const ordered = [...own, ...contacts.filter(({ id }) => id !== merging.survivorId)];
  let result = EMPTY;
  for (const field of SINGLES) {
    const id = pickOf(field, contacts, merging);
    const from = contacts.find((contact) => contact.id === id);
    if (from !== undefined) result = { ...result, [field]: draftOf(from)[field] };
  }
  const seen = new Set(merging.off);
  const united = <Row>(list: List, rowsOf: (draft: Draft) => readonly Row[]): Row[] =>
    ordered.flatMap((contact) => {
      const entries = entriesOf(list, contact);
      return rowsOf(draftOf(contact)).filter((_, index) => isNew(seen, entries[index]?.key ?? ""));
    });
  return {
    ...result,
    // A company has no company of its own.
    company: result.kind === "company" ? EMPTY.company : result.company,
    phones: united("phones", (draft) => draft.phones),
    emails: united("emails", (draft) => draft.emails),
    websites: united("websites", (draft) => draft.websites),
    addresses: united("addresses", (draft) => draft.addresses),
    tags: united("tags", (draft) => draft.tags),
    groups: united("groups", (draft) => draft.groups),
    notes: united("notes", ({ notes }) => (notes.trim() === "" ? [] : [notes.trim()])).join("\n\n"),
  };
}

function isNew(seen: Set<string>, key: string): boolean {
  const before = seen.size;
  return seen.add(key).size > before;
}

/** Return the lists on which the survivor would have more than the program takes. */
export function tooLong(result: Draft): { list: keyof typeof MOST; most: number }[] {
  const lists = Object.keys(MOST) as (keyof typeof MOST)[];
  return lists.filter((list) => result[list].length > MOST[list]).map((list) => ({ list, most: MOST[list] }));
}

/** Return the body that merges. */
export function mergeOf(id: string, contacts: readonly ContactOut[], merging: Merging): MergeIn {
  return {
    id,
    survivor_id: merging.survivorId,
    versions: Object.fromEntries(contacts.map((contact) => [contact.id, contact.version])),
    result: bodyOf(resultOf(contacts, merging)),
  };
}
