// What the address says of the list of contacts, and what the program is asked for it.
import type { CrmListContactsData } from "@/api";

/** The state of the list as it stands in the address. */
export interface Search {
  q?: string | undefined;
  sort?: string | undefined;
  kind?: string | undefined;
  tag?: string | undefined;
  group?: string | undefined;
  missing?: string | undefined;
  owner?: string | undefined;
  only?: string | undefined;
  contact?: string | undefined;
  columns?: string | undefined;
}

type Query = NonNullable<CrmListContactsData["query"]>;

/** What decides which contacts a list holds, and their order. */
export type Wanted = Required<
  Pick<Query, "q" | "sort" | "kind" | "tag" | "group" | "missing" | "owner" | "archived">
>;

/** Keeps those that were put away: `only` in the address. */
export const AWAY = "away";

export const KINDS = ["person", "company"] as const;
export const GAPS = ["phone", "email", "company"] as const;
const OWNERS = ["me", "house"] as const;
const SORTS = ["name", "-name", "-updated_at", "-created_at", "company"] as const;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Return what the list is to hold; what the program does not know counts for nothing. */
export function wantedOf(search: Search): Wanted {
  return {
    q: search.q ?? "",
    sort: known(SORTS, search.sort),
    kind: known(KINDS, search.kind),
    tag: idOf(search.tag),
    group: idOf(search.group),
    missing: known(GAPS, search.missing),
    owner: known(OWNERS, search.owner) ?? idOf(search.owner),
    archived: search.only === AWAY,
  };
}

/** Whether the list is narrowed down, so that an empty one does not mean that there is nobody. */
export function isFiltered(search: Search): boolean {
  const { q, kind, tag, group, missing, owner, archived } = wantedOf(search);
  return q !== "" || archived || [kind, tag, group, missing, owner].some((one) => one !== null);
}

function known<Value extends string>(values: readonly Value[], text: string | undefined): Value | null {
  return values.find((value) => value === text) ?? null;
}

function idOf(text: string | undefined): string | null {
  return text !== undefined && ID.test(text) ? text : null;
}
