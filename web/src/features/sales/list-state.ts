// What the addresses of sales and shifts say, and what the program is asked for them.
import type { PosExportSalesData, PosExportShiftsData, PosListSalesData } from "@/api";

/** The state of the list of sales as it stands in the address. */
export interface SalesSearch {
  q?: string | undefined;
  /** One business day, where a figure leads to its sales. */
  day?: string | undefined;
  /** The first and the last business day. */
  from?: string | undefined;
  to?: string | undefined;
  cashier?: string | undefined;
  store?: string | undefined;
  shift?: string | undefined;
  /** A product's variant that is on the ticket. */
  variant?: string | undefined;
  /** An hour of the store's clock, 0 to 23. */
  hour?: string | undefined;
  sort?: string | undefined;
  sale?: string | undefined;
  columns?: string | undefined;
}

/** The state of the list of shifts. */
export interface ShiftsSearch {
  register?: string | undefined;
  columns?: string | undefined;
}

type SaleColumns = NonNullable<NonNullable<PosExportSalesData["query"]>["column"]>;
type ShiftColumns = NonNullable<NonNullable<PosExportShiftsData["query"]>["column"]>;

/** Columns of the screen by the columns of a file. */
const SALES_IN_FILES: Record<string, SaleColumns> = {
  receipt: ["receipt_number"],
  time: ["sold_at"],
  register: ["register_name"],
  cashier: ["cashier_name"],
  lines: ["lines_count"],
  total: ["total", "currency"],
};
const SHIFTS_IN_FILES: Record<string, ShiftColumns> = {
  register: ["register_name", "store_name"],
  opened: ["opened_at", "opened_by_name"],
  closed: ["closed_at", "closed_by_name"],
  float: ["float"],
  expected: ["expected"],
  counted: ["counted"],
  difference: ["difference"],
  takings: ["takings", "sales_count", "currency"],
};

type SalesQuery = NonNullable<PosListSalesData["query"]>;

const SORTS = [
  "sold_at",
  "-sold_at",
  "total_minor",
  "-total_minor",
  "receipt_number",
  "-receipt_number",
] as const;

/** Return what the list of sales is to hold. */
export function salesWanted(search: SalesSearch): SalesQuery {
  return {
    store_id: search.store ?? null,
    business_day: search.day ?? null,
    "business_day[gte]": search.from ?? null,
    "business_day[lte]": search.to ?? null,
    cashier_id: search.cashier ?? null,
    shift_id: search.shift ?? null,
    variant_id: search.variant ?? null,
    hour: search.hour === undefined ? null : Number(search.hour),
    q: search.q ?? "",
    sort: SORTS.find((sort) => sort === search.sort) ?? null,
  };
}

/** Return what a file of the sales is asked for: the same sales, with the columns that are shown. */
export function salesExport(
  search: SalesSearch,
  shown: readonly string[],
): NonNullable<PosExportSalesData["query"]> {
  return { ...salesWanted(search), column: shown.flatMap((key) => SALES_IN_FILES[key] ?? []) };
}

/** Return what a file of the shifts is asked for. */
export function shiftsExport(
  search: ShiftsSearch,
  shown: readonly string[],
): NonNullable<PosExportShiftsData["query"]> {
  return {
    register_id: search.register ?? null,
    column: shown.flatMap((key) => SHIFTS_IN_FILES[key] ?? []),
  };
}
