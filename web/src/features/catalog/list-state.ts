// What the address says of the list of variants, and what the program is asked for it.
import type { CatalogExportVariantsData, CatalogListVariantsData } from "@/api";

/** The state of the list as it stands in the address. */
export interface Search {
  q?: string | undefined;
  sort?: string | undefined;
  tag?: string | undefined;
  only?: string | undefined;
  store?: string | undefined;
  product?: string | undefined;
  columns?: string | undefined;
}

type Query = NonNullable<CatalogListVariantsData["query"]>;

/** The orders that the program knows; without one the best fit comes first. */
export type Sort = NonNullable<Query["sort"]>;

/** What decides which variants a list holds, and their order. */
export type Wanted = Required<Pick<Query, "q" | "sort" | "tag" | "is_active">>;

/** Keeps what is not sold any more: `only` in the address. */
export const INACTIVE = "inactive";

const SORTS: readonly Sort[] = ["name", "-name", "sku", "price", "-price", "changed"];

/** Columns of the screen by the columns of a file; what is on hand belongs to a store and is in no file. */
const IN_FILES: Record<string, NonNullable<NonNullable<CatalogExportVariantsData["query"]>["column"]>> = {
  product: ["name"],
  sku: ["sku"],
  barcode: ["barcode"],
  tax: ["tax_rate"],
  cost: ["cost"],
  price: ["price", "currency"],
};

/** Return what the list is to hold; what the program does not know counts for nothing. */
export function wantedOf(search: Search): Wanted {
  return {
    q: search.q ?? "",
    sort: SORTS.find((sort) => sort === search.sort) ?? null,
    tag: search.tag ?? null,
    is_active: search.only === INACTIVE ? false : null,
  };
}

/** Return what a file of the list is asked for: the same variants, with the columns that are shown. */
export function exportOf(
  search: Search,
  shown: readonly string[],
): NonNullable<CatalogExportVariantsData["query"]> {
  return { ...wantedOf(search), column: shown.flatMap((key) => IN_FILES[key] ?? []) };
}

/** Whether the list is narrowed down, so that an empty one does not mean an empty catalogue. */
export function isFiltered(search: Search): boolean {
  return search.q !== undefined || search.tag !== undefined || search.only === INACTIVE;
}
