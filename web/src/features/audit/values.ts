// The values before and after an act, field by field.
import type { EntryOut } from "@/api";

/** A text as it was, or whether something was so, which the page says in its language. */
export type Value = string | boolean | undefined;

export interface Field {
  name: string;
  old: Value;
  new: Value;
  isChanged: boolean;
}

/** Return the fields of both sides in their order, those of the old side first; a side that lacks one has undefined. */
export function fieldsOf(entry: Pick<EntryOut, "old" | "new">): Field[] {
  const names = [...new Set([...Object.keys(entry.old ?? {}), ...Object.keys(entry.new ?? {})])];
  return names.map((name) => {
    const before = textOf(entry.old?.[name]);
    const after = textOf(entry.new?.[name]);
    return { name, old: before, new: after, isChanged: before !== after };
  });
}

function textOf(value: unknown): Value {
  if (value === undefined || typeof value === "boolean") return value;
  return typeof value === "string" ? value : JSON.stringify(value, null, 1);
}
