// A contact while it is being written: what it was, and what this person wants. Somebody else's changes to other fields
// are taken over; where both changed the same field, the person chooses.
import type { AddressOut, ContactIn, ContactOut, ContactPatch, EmailOut, PhoneIn, WebsiteOut } from "@/api";

export interface Draft {
  kind: ContactOut["kind"];
  name: string;
  prefix: string;
  given: string;
  middle: string;
  family: string;
  suffix: string;
  company: { id: string | null; name: string };
  title: string;
  department: string;
  language: string;
  phones: readonly Required<PhoneIn>[];
  emails: readonly EmailOut[];
  websites: readonly WebsiteOut[];
  addresses: readonly AddressOut[];
  tags: readonly string[];
  groups: readonly string[];
  notes: string;
}

export type Field = keyof Draft;

/** A field that both changed, each in another way. */
export interface Clash {
  field: Field;
  base: Draft;
  mine: Draft;
  theirs: Draft;
}

export interface Editing {
  version: number;
  base: Draft;
  draft: Draft;
  clashes: readonly Clash[];
}

export const EMPTY: Draft = {
  kind: "person",
  name: "",
  prefix: "",
  given: "",
  middle: "",
  family: "",
  suffix: "",
  company: { id: null, name: "" },
  title: "",
  department: "",
  language: "",
  phones: [],
  emails: [],
  websites: [],
  addresses: [],
  tags: [],
  groups: [],
  notes: "",
};

const FIELDS = Object.keys(EMPTY) as Field[];

export function draftOf(contact: ContactOut): Draft {
  return {
    kind: contact.kind,
    name: contact.name,
    prefix: contact.prefix ?? "",
    given: contact.given ?? "",
    middle: contact.middle ?? "",
    family: contact.family ?? "",
    suffix: contact.suffix ?? "",
    company: { id: contact.company_id, name: contact.company_name ?? "" },
    title: contact.title ?? "",
    department: contact.department ?? "",
    language: contact.language ?? "",
    phones: contact.phones.map(({ written, kind }) => ({ written, kind })),
    emails: contact.emails,
    websites: contact.websites,
    addresses: contact.addresses,
    tags: contact.tags.map((label) => label.name),
    groups: contact.groups.map((label) => label.name),
    notes: contact.notes,
  };
}

export function begin(contact: ContactOut | null): Editing {
  const base = contact === null ? EMPTY : draftOf(contact);
  return { version: contact?.version ?? 0, base, draft: base, clashes: [] };
}

export function enter(editing: Editing, change: Partial<Draft>): Editing {
  return { ...editing, draft: { ...editing.draft, ...change } };
}

/** Return the fields whose meaning the person changed. */
export function changedFields({ base, draft }: Editing): Field[] {
  const meant = tidy(draft);
  return FIELDS.filter((field) => !same(field, draft, base) && !same(field, meant, base));
}

/** Return the body that makes the contact. */
export function madeOf(id: string, draft: Draft): ContactIn {
  return { id, ...bodyOf(draft) };
}

/** Return the body that saves what was changed, and nothing else. */
export function patchOf(editing: Editing): ContactPatch {
  const body = bodyOf(editing.draft);
  const { company_id, company_name, ...rest } = body;
  const changed = changedFields(editing);
  const plain = Object.fromEntries(
    Object.entries(rest).filter(([name]) => changed.some((field) => field === name)),
  );
  const company = changed.includes("company")
    ? { company_id: company_id ?? null, company_name: company_name ?? null }
    : {};
  return { version: editing.version, ...plain, ...company };
}

/** Who changed a contact, and when. */
export interface Change {
  name: string;
  at: string;
}

/** Return the last change of each person that a refusal tells of, the latest first. */
export function othersOf(since: unknown): Change[] {
  if (!Array.isArray(since)) return [];
  const changes = since.flatMap((one: unknown) => {
    const { actor_name: name, happened_at: at } = (one ?? {}) as Record<string, unknown>;
    return typeof name === "string" && typeof at === "string" ? [{ name, at }] : [];
  });
  const latest = new Map(
    changes.toSorted((one, other) => one.at.localeCompare(other.at)).map((one) => [one.name, one]),
  );
  return [...latest.values()].toSorted((one, other) => other.at.localeCompare(one.at));
}

/** Return how the editing goes on now that somebody else has made `present` of the contact. */
export function rebase(editing: Editing, present: ContactOut): Editing {
  return meet(editing, draftOf(present), present.version);
}

/** Return how the editing goes on now that somebody else has written `theirs`, and made a version of it. */
export function meet(editing: Editing, theirs: Draft, version: number): Editing {
  const changed = changedFields(editing);
  const mine = tidy(editing.draft);
  const clashes: Clash[] = [];
  let { base, draft } = editing;
  for (const field of FIELDS) {
    if (same(field, theirs, editing.base)) continue;
    if (changed.includes(field) && !same(field, mine, theirs)) {
      clashes.push({ field, base: editing.base, mine, theirs });
      continue;
    }
    base = take(field, base, theirs);
    draft = take(field, draft, theirs);
  }
  return { version, base, draft, clashes };
}

/** Settle a clash: with theirs, or with what this person wants. */
export function settle(editing: Editing, { field, theirs }: Clash, takeTheirs: boolean): Editing {
  return {
    ...editing,
    base: take(field, editing.base, theirs),
    draft: takeTheirs ? take(field, editing.draft, theirs) : editing.draft,
    clashes: editing.clashes.filter((one) => one.field !== field),
  };
}

/** Return the place that a row has in what is sent, where rows without content are left out. */
export function sentIndex(rows: readonly object[], index: number): number {
  return rows.slice(0, index).filter(isFilled).length;
}

/** Return the labels with one more; one that is there already, however it is written, is not put there twice. */
export function withLabel(labels: readonly string[], text: string): readonly string[] {
  const label = text.trim();
  const isThere = labels.some((one) => one.toLowerCase() === label.toLowerCase());
  return label === "" || isThere ? labels : [...labels, label];
}

function isFilled(row: object): boolean {
  const { written, address, url, text } = row as Record<string, string | undefined>;
  return (written ?? address ?? url ?? text ?? "").trim() !== "";
}

function tidy(draft: Draft): Draft {
  const lines = Object.fromEntries(
    Object.entries(draft).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === "string" ? value.trim() : value,
    ]),
  );
  return {
    ...draft,
    ...lines,
    company: { id: draft.company.id, name: draft.company.name.trim() },
    phones: draft.phones.filter(isFilled).map((one) => ({ ...one, written: one.written.trim() })),
    emails: draft.emails.filter(isFilled).map((one) => ({ ...one, address: one.address.trim() })),
    websites: draft.websites.filter(isFilled).map((one) => ({ url: one.url.trim() })),
    addresses: draft.addresses.filter(isFilled).map((one) => ({ ...one, text: one.text.trim() })),
  };
}

/** Return what is sent of a contact: tidy, and without rows that say nothing. */
export function bodyOf(draft: Draft): Omit<ContactIn, "id"> {
  const { company, prefix, given, middle, family, suffix, title, department, language, ...rest } =
    tidy(draft);
  const optional = { prefix, given, middle, family, suffix, title, department, language };
  return {
    ...rest,
    ...Object.fromEntries(Object.entries(optional).map(([name, text]) => [name, orNull(text)])),
    company_id: company.id,
    company_name: company.id === null ? orNull(company.name) : null,
    phones: [...rest.phones],
    emails: [...rest.emails],
    websites: [...rest.websites],
    addresses: [...rest.addresses],
    tags: [...rest.tags],
    groups: [...rest.groups],
  };
}

function same(field: Field, one: Draft, other: Draft): boolean {
  return JSON.stringify(one[field]) === JSON.stringify(other[field]);
}

function take(field: Field, into: Draft, from: Draft): Draft {
  return { ...into, [field]: from[field] };
}

const orNull = (text: string) => (text === "" ? null : text);
