// The places of a contact's form that a card can fill, and what of a printed line goes into each.
import type { Draft } from "@/features/crm/draft";
import type { RowsName } from "@/features/crm/rows-field";

import type { CardField } from "@/api";

type FieldKind = CardField["kind"];

export const SINGLES = ["name", "company", "title", "department"] as const;
export const ROWS = ["phones", "emails", "websites", "addresses"] as const;

export type Single = (typeof SINGLES)[number];
export type Place = Single | `${RowsName}.${number}`;

const KIND_OF_ROWS: Record<RowsName, FieldKind> = {
  phones: "phone",
  emails: "email",
  websites: "website",
  addresses: "address",
};

export function rowPlace(name: RowsName, index: number): Place {
  return `${name}.${index}`;
}

/** Return the list and the row that a place is, or null where it is no row. */
export function rowOf(place: Place): { name: RowsName; index: number } | null {
  const [list, index] = place.split(".");
  const name = ROWS.find((one) => one === list);
  return name === undefined ? null : { name, index: Number(index) };
}

/** Return every place that the form shows, in its order. */
export function placesOf(draft: Draft): Place[] {
  return [...SINGLES, ...ROWS.flatMap((name) => draft[name].map((_, index) => rowPlace(name, index)))];
}

export function textAt(draft: Draft, place: Place): string {
  const row = rowOf(place);
  if (row === null)
    return place === "company" ? draft.company.name : draft[place as Exclude<Single, "company">];
  const { index } = row;
  if (row.name === "phones") return draft.phones[index]?.written ?? "";
  if (row.name === "emails") return draft.emails[index]?.address ?? "";
  if (row.name === "websites") return draft.websites[index]?.url ?? "";
  return draft.addresses[index]?.text ?? "";
}

/** Return the draft with another text in a place; a row behind the last is a new one. */
export function withTextAt(draft: Draft, place: Place, text: string): Draft {
  const row = rowOf(place);
  if (place === "company") return { ...draft, company: { id: null, name: text } };
  if (row === null) return { ...draft, [place]: text };
  const { name, index } = row;
  if (name === "phones")
    return {
      ...draft,
      phones: put(draft.phones, index, { written: text, kind: draft.phones[index]?.kind ?? "work" }),
    };
  if (name === "emails")
    return {
      ...draft,
      emails: put(draft.emails, index, { address: text, kind: draft.emails[index]?.kind ?? "work" }),
    };
  if (name === "websites") return { ...draft, websites: put(draft.websites, index, { url: text }) };
  const { kind = "work" } = draft.addresses[index] ?? {};
  const place_ = { text, street: "", postcode: "", city: "", region: "", country: "", kind };
  return { ...draft, addresses: put(draft.addresses, index, place_) };
}

export function withoutRow(draft: Draft, name: RowsName, index: number): Draft {
  return { ...draft, [name]: draft[name].filter((_, at) => at !== index) };
}

/** Return the kind of field that a place is to the program. */
export function kindAt(place: Place): FieldKind {
  const row = rowOf(place);
  return row === null ? (place as Single) : KIND_OF_ROWS[row.name];
}

/** Return the place that a field of a kind has in the form. */
export function placeOf(kind: FieldKind, index: number): Place {
  const rows = ROWS.find((name) => KIND_OF_ROWS[name] === kind);
  return rows === undefined ? (kind as Single) : rowPlace(rows, index);
}

const LABEL = /^[\p{L}][\p{L} .\-/]{0,14}[.:)]\s*|^[\p{L}]{1,8}\.?\s+(?=[+\d(])/u;
const PHONE = /[+(]?\d[\d\s()./\-–]*\d/u;
const EMAIL = /[^\s<>:;,"]+@[^\s<>:;,"]+/u;
const SITE = /(?:https?:\/\/)?(?:[\p{L}\d-]+\.)+[\p{L}]{2,}(?:\/\S*)?/u;

/** Return what of a printed line is the value: a phone without its label, an address out of its line. */
export function valueFor(place: Place, text: string): string {
  const line = text.trim();
  const list = rowOf(place)?.name;
  if (list === "phones") return PHONE.exec(line)?.[0].trim() ?? line;
  if (list === "emails") return EMAIL.exec(line)?.[0] ?? line.replace(LABEL, "");
  if (list === "websites") return SITE.exec(line.replace(LABEL, ""))?.[0] ?? line;
  return line;
}

/** Return a text with one more line of the card, put as that field has it. */
export function joined(place: Place, text: string, more: string): string {
  if (text.trim() === "") return more;
  return `${text}${rowOf(place)?.name === "addresses" ? "\n" : " "}${more}`;
}

function put<Row>(rows: readonly Row[], index: number, row: Row): Row[] {
  return index < rows.length ? rows.map((one, at) => (at === index ? row : one)) : [...rows, row];
}
