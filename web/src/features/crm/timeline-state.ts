// What an entry of a contact's timeline tells, read from facts whose form only the program promises.
import type { TimelineEntryOut } from "@/api";

export interface Change {
  field: string;
  /** Undefined where the values are more than a line of text. */
  before: string | undefined;
  after: string | undefined;
}

export type Facts = Pick<TimelineEntryOut, "details">;

/** Return which fields were changed, each once. */
export function changesOf({ details }: Facts): Change[] {
  const { changes } = details;
  if (!isRecord(changes)) return [];
  const found = new Map<string, Change>();
  for (const [name, change] of Object.entries(changes)) {
    const field = name.startsWith("company_") ? "company" : name;
    const { before, after } = isRecord(change) ? change : {};
    const told = { field, before: lineOf(name, before), after: lineOf(name, after) };
    if (found.get(field)?.after === undefined) found.set(field, told);
  }
  return [...found.values()];
}

/** Return a text among the facts, or nothing. */
export function factOf({ details }: Facts, name: string): string {
  const { [name]: value } = details;
  return typeof value === "string" ? value : "";
}

/** Return the names of those that a merge made one with the contact. */
export function mergedNames({ details }: Facts): string[] {
  const { merged } = details;
  if (!Array.isArray(merged)) return [];
  return merged.filter(isRecord).flatMap(({ name }) => (typeof name === "string" ? [name] : []));
}

/** Return the name of the person to whom a contact was given, or null for the house. */
export function ownerOf({ details }: Facts): string | null {
  const { owner } = details;
  return isRecord(owner) ? factOf({ details: owner }, "name") : null;
}

function lineOf(name: string, value: unknown): string | undefined {
  if (name === "company_id" || name === "kind" || name === "notes") return undefined;
  return typeof value === "string" ? value : value === null ? "" : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
