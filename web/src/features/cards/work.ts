// A card while it is checked: what was read, the form, and which lines of the card each field of the form came from.
import type { Draft } from "@/features/crm/draft";
import type { RowsName } from "@/features/crm/rows-field";

import { type Changed, mergeWithNext, retypeBox, splitBox } from "./boxes";
import type { CardBox, CardContact, CardField, CardOut } from "@/api";
import {
  joined,
  kindAt,
  type Place,
  placeOf,
  placesOf,
  rowOf,
  rowPlace,
  ROWS,
  SINGLES,
  textAt,
  valueFor,
  withoutRow,
  withTextAt,
} from "./places";

/** Below it a person should look (the program counts the same as unsure). */
export const SURE = 0.8;

export interface Link {
  boxes: readonly number[];
  confidence: number;
  /** Whether the reviewer wrote it, or said that it is right: then no line changes it any more. */
  isOwn: boolean;
}

export interface Work {
  draft: Draft;
  boxes: readonly CardBox[];
  links: Readonly<Partial<Record<Place, Link>>>;
}

/** What is put into a place: a line of this card, or a text of the other side. */
export interface Source {
  text: string;
  confidence: number;
  box: number | null;
}

export type How = "replace" | "add";

/** Return the form of a contact as a card gives it. */
export function draftOfCard(contact: CardContact): Draft {
  const { phones = [], emails = [], websites = [], addresses = [], tags = [], groups = [] } = contact;
  return {
    kind: contact.kind ?? "person",
    name: contact.name ?? "",
    prefix: contact.prefix ?? "",
    given: contact.given ?? "",
    middle: contact.middle ?? "",
    family: contact.family ?? "",
    suffix: contact.suffix ?? "",
    company: { id: contact.company_id ?? null, name: contact.company_name ?? "" },
    title: contact.title ?? "",
    department: contact.department ?? "",
    language: contact.language ?? "",
    phones: phones.map(({ written, kind = "work" }) => ({ written, kind })),
    emails: emails.map(({ address, kind = "work" }) => ({ address, kind })),
    websites,
    addresses: addresses.map((one) => ({
      text: one.text,
      street: one.street ?? "",
      postcode: one.postcode ?? "",
      city: one.city ?? "",
      region: one.region ?? "",
      country: one.country ?? "",
      kind: one.kind ?? "work",
    })),
    tags,
    groups,
    notes: contact.notes ?? "",
  };
}

export function begin(card: Pick<CardOut, "boxes" | "fields" | "contact">): Work {
  const draft = draftOfCard(card.contact);
  const places = placesOf(draft);
  const links: Partial<Record<Place, Link>> = {};
  for (const { kind, index, value, confidence, box_ids = [] } of card.fields) {
    const place = placeOf(kind, index);
    const said = rowOf(place) === null ? undefined : sayingSo(draft, places, place, value);
    const at = said ?? place;
    if (places.includes(at)) links[at] = { boxes: box_ids, confidence, isOwn: confidence >= 1 };
  }
  return { draft, boxes: card.boxes, links };
}

/** Rows may stand in another order than they were read, where a code on the card says more. */
function sayingSo(draft: Draft, places: readonly Place[], place: Place, value: string): Place | undefined {
  if (textAt(draft, place) === value) return place;
  const list = rowOf(place)?.name;
  return places.find((one) => rowOf(one)?.name === list && textAt(draft, one) === value);
}

/** Return the fields as the program keeps them: each filled place, rows counted without the empty ones. */
export function fieldsOf({ draft, links }: Work): CardField[] {
  const seen: Record<string, number> = {};
  return placesOf(draft).flatMap((place) => {
    const value = textAt(draft, place).trim();
    if (value === "") return [];
    const kind = kindAt(place);
    const index = seen[kind] ?? 0;
    seen[kind] = index + 1;
    const link = links[place];
    const confidence = link === undefined || link.isOwn ? 1 : link.confidence;
    return [{ kind, index, value, confidence, box_ids: [...(link?.boxes ?? [])] }];
  });
}

export function isUnsure({ draft, links }: Work, place: Place): boolean {
  const link = links[place];
  return link !== undefined && !link.isOwn && link.confidence < SURE && textAt(draft, place) !== "";
}

export function unsurePlaces(work: Work): Place[] {
  return placesOf(work.draft).filter((place) => isUnsure(work, place));
}

/** Return the places that a box went into. */
export function placesWith(work: Work, box: number): Place[] {
  return placesOf(work.draft).filter((place) => work.links[place]?.boxes.includes(box) === true);
}

/** Say that a place is right as it was read. */
export function confirm(work: Work, place: Place): Work {
  const boxes = work.links[place]?.boxes ?? [];
  return { ...work, links: { ...work.links, [place]: { boxes, confidence: 1, isOwn: true } } };
}

/** Write into the form; what was typed by hand is the reviewer's own. */
export function edit(work: Work, change: Partial<Draft>): Work {
  let links = work.links;
  for (const name of ROWS) {
    const rows = change[name];
    if (rows === undefined || rows.length >= work.draft[name].length) continue;
    const before: readonly unknown[] = work.draft[name];
    const index = before.findIndex((row, at) => row !== rows[at]);
    links = withoutLink(links, name, index);
  }
  const draft = { ...work.draft, ...change };
  const removed: Work = { ...work, links, draft };
  const isShorter = (place: Place) => {
    const row = rowOf(place);
    return row !== null && draft[row.name].length < work.draft[row.name].length;
  };
  return placesOf(draft)
    .filter((place) => !isShorter(place) && textAt(draft, place) !== textAt(work.draft, place))
    .reduce(confirm, removed);
}

/** Put a line into a place, instead of what is there or after it; where it was before it is no more. */
export function assign(work: Work, source: Source, place: Place, how: How): Work {
  const before = textAt(work.draft, place);
  const value = valueFor(place, source.text);
  const isAdded = how === "add" && before.trim() !== "";
  const link = isAdded ? work.links[place] : undefined;
  const own = source.box === null ? [] : [source.box];
  const placed: Work = {
    ...work,
    draft: withTextAt(work.draft, place, isAdded ? joined(place, before, value) : value),
    links: {
      ...work.links,
      [place]: {
        boxes: [...(link?.boxes ?? []).filter((one) => one !== source.box), ...own],
        confidence: Math.min(source.confidence, link?.confidence ?? 1),
        isOwn: isAdded && link?.isOwn === true,
      },
    },
  };
  return source.box === null ? placed : moved(placed, work, source.box, place);
}

/** Take a box out of the one other place that it was in; a line that filled several fields stays in them. */
function moved(work: Work, before: Work, box: number, into: Place): Work {
  const [from, ...more] = placesWith(before, box).filter((place) => place !== into);
  if (from === undefined || more.length > 0) return work;
  const link = work.links[from];
  if (link === undefined) return work;
  const boxes = link.boxes.filter((one) => one !== box);
  const left: Work = { ...work, links: { ...work.links, [from]: { ...link, boxes } } };
  if (link.isOwn) return left;
  const line = before.boxes.find((one) => one.id === box)?.text ?? "";
  const rest = tidied(textAt(work.draft, from), valueFor(from, line));
  if (boxes.length > 0) return { ...left, draft: withTextAt(work.draft, from, rest) };
  const row = rowOf(from);
  if (row === null) return { ...left, draft: withTextAt(work.draft, from, "") };
  return {
    ...left,
    draft: withoutRow(work.draft, row.name, row.index),
    links: withoutLink(left.links, row.name, row.index),
  };
}

function tidied(text: string, without: string): string {
  return text
    .replace(without, "")
    .replace(/^[\s,;|]+|[\s,;|]+$/g, "")
    .replace(/\s*,\s*,\s*/g, ", ")
    .replace(/ {2,}/g, " ");
}

/** Return the row behind the last of a list, where a line makes a new one. */
export function newRow(draft: Draft, name: RowsName): Place {
  return rowPlace(name, draft[name].length);
}

/** Return whether the fields have room for one more row, as the program takes them. */
export const hasRoom = (draft: Draft, name: RowsName) =>
  draft[name].length < (name === "addresses" ? 10 : 20);

export function split(work: Work, box: number, word: number): Work {
  return relinked(work, splitBox(work.boxes, box, word));
}

export function merge(work: Work, box: number): Work {
  return relinked(work, mergeWithNext(work.boxes, box));
}

/** Write what a line says; a field that was read from it says the same, unless the reviewer wrote it. */
export function retype(work: Work, box: number, text: string): Work {
  const line = work.boxes.find((one) => one.id === box)?.text ?? "";
  const next = relinked(work, retypeBox(work.boxes, box, text));
  if (next === work) return work;
  return placesWith(work, box)
    .filter((place) => work.links[place]?.isOwn !== true)
    .reduce((at, place) => {
      const read = valueFor(place, line);
      const present = textAt(at.draft, place);
      if (!present.includes(read)) return at;
      const draft = withTextAt(
        at.draft,
        place,
        present.replace(read, () => valueFor(place, text)),
      );
      return confirm({ ...at, draft }, place);
    }, next);
}

function relinked(work: Work, changed: Changed | null): Work {
  if (changed === null) return work;
  const made = changed.made.map((one) => one.id);
  const links = Object.fromEntries(
    linksOf(work.links).map(([place, link]) => {
      const first = link.boxes.findIndex((one) => changed.gone.includes(one));
      if (first < 0) return [place, link];
      const kept = link.boxes.filter((one) => !changed.gone.includes(one));
      return [place, { ...link, boxes: [...kept.slice(0, first), ...made, ...kept.slice(first)] }];
    }),
  ) as Work["links"];
  return { ...work, boxes: changed.boxes, links };
}

const linksOf = (links: Work["links"]) => Object.entries(links) as [Place, Link][];

/** Return the links when a row is taken out: those behind it move up. */
function withoutLink(links: Work["links"], name: RowsName, index: number): Work["links"] {
  return Object.fromEntries(
    linksOf(links).flatMap(([place, link]) => {
      const row = rowOf(place);
      if (row === null || row.name !== name || row.index < index) return [[place, link]];
      return row.index === index ? [] : [[rowPlace(name, row.index - 1), link]];
    }),
  );
}

export const isSingle = (place: Place) => SINGLES.some((one) => one === place);
