// What is asked about a contact that is not saved yet: only what tells people apart, as soon as there is enough of it.
import type { ContactIn } from "@/api";

import { type Draft, EMPTY, madeOf } from "./draft";

const FEWEST_LETTERS = 3;
const FEWEST_DIGITS = 6;
/** The program wants a name; this one has no letters, so it is like no other. */
const NO_NAME = "·";

/** Return what to ask about a draft, or null while too little is known of it. */
export function askedOf(id: string, draft: Draft): ContactIn | null {
  if (!tells(draft)) return null;
  const { name, company, kind } = draft;
  const telling: Draft = {
    ...draft,
    name: name.trim() === "" ? NO_NAME : name,
    company: kind === "company" ? EMPTY.company : company,
    prefix: "",
    department: "",
    language: "",
    notes: "",
    tags: [],
    groups: [],
  };
  return madeOf(id, telling);
}

function tells({ name, phones, emails, websites }: Draft): boolean {
  return (
    name.trim().length >= FEWEST_LETTERS ||
    phones.some(({ written }) => written.replace(/\D/g, "").length >= FEWEST_DIGITS) ||
    emails.some(({ address }) => /\S@\S+\.\S/.test(address)) ||
    websites.some(({ url }) => /\S\.\S/.test(url))
  );
}
