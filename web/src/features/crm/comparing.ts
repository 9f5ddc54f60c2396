// Two contacts side by side: what both have, what only one has, and what stands against what.
import type { LikeContactOut } from "@/api";

/** `same` stands on both sides, `only` where the other side has nothing, `other` against something else. */
export type Standing = "same" | "only" | "other";

export interface Piece {
  text: string;
  standing: Standing;
}

/** A field of both: its lines, each of pieces. */
export interface Compared {
  field: "kind" | "name" | "title" | "company" | "phones" | "emails";
  sides: readonly Piece[][][];
  differs: boolean;
}

interface Part {
  text: string;
  key: string;
}

type Lines = readonly (readonly Part[])[];

/** Return the fields that at least one of two has. */
export function comparedOf(one: LikeContactOut, other: LikeContactOut): Compared[] {
  const fields = Object.keys(READ) as Compared["field"][];
  return fields
    .filter((field) => field !== "kind" || one.kind !== other.kind)
    .map((field) => compared(field, READ[field](one), READ[field](other)))
    .filter(({ sides }) => sides.some((lines) => lines.length > 0));
}

/** Case, accents and punctuation do not make two words differ. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

const wordsOf = (text: string | null): Lines => {
  const words = (text ?? "").split(/\s+/).filter((word) => word !== "");
  return words.length === 0 ? [] : [words.map((word) => ({ text: word, key: folded(word) }))];
};

const READ: Record<Compared["field"], (contact: LikeContactOut) => Lines> = {
  kind: ({ kind }) => [[{ text: kind, key: kind }]],
  name: ({ name }) => wordsOf(name),
  title: ({ title }) => wordsOf(title),
  company: ({ company_name: company }) => wordsOf(company),
  phones: ({ phones }) =>
    phones.map(({ written, e164 }) => [{ text: written, key: e164 ?? written.replace(/\D/g, "") }]),
  emails: ({ emails }) => emails.map(({ address }) => [{ text: address, key: address.toLowerCase() }]),
};

function compared(field: Compared["field"], one: Lines, other: Lines): Compared {
  const sides = [stand(one, other), stand(other, one)];
  return { field, sides, differs: sides.flat(2).some(({ standing }) => standing === "other") };
}

function stand(lines: Lines, against: Lines): Piece[][] {
  const keys = new Set(against.flat().map(({ key }) => key));
  const missing: Standing = keys.size === 0 ? "only" : "other";
  return lines.map((parts) =>
    parts.map(({ text, key }) => ({ text, standing: keys.has(key) ? "same" : missing })),
  );
}
