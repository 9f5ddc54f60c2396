// What the address of the audit trail says, and what the program is asked for it.
import type { AuditListEntriesData } from "@/api";

/** The state of the list as it stands in the address. */
export interface AuditSearch {
  act?: string | undefined;
  /** Whose acts, by id; `name` is only shown. */
  actor?: string | undefined;
  name?: string | undefined;
  /** Kind and id of one thing. */
  type?: string | undefined;
  id?: string | undefined;
  /** Days such as "2026-11-21", both included, by the browser's clock. */
  since?: string | undefined;
  until?: string | undefined;
  /** The entry that is open beside the list. */
  entry?: string | undefined;
}

type Wanted = Required<
  Omit<NonNullable<AuditListEntriesData["query"]>, "cursor" | "limit" | "fields" | "sort">
>;

/** Return which entries the list is to hold. */
export function entriesWanted(search: AuditSearch): Wanted {
  return {
    act: search.act ?? null,
    actor_id: search.actor ?? null,
    object_type: search.type ?? null,
    object_id: search.id ?? null,
    since: startOf(search.since, 0),
    until: startOf(search.until, 1),
  };
}

/** Return the moment at which a day begins, or the day that comes so many days later. */
function startOf(day: string | undefined, later: number): string | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? "");
  if (parts === null) return null;
  const moment = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + later);
  return moment.toISOString();
}

/** Leave out what is not set, so that it does not stand in the address. */
export function defined(search: AuditSearch): Record<string, string> {
  return Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
