// What the address of the list of refunds says, and what the program is asked for it.
import type { PosExportRefundsData, PosListRefundsData } from "@/api";

/** The state of the list of refunds as it stands in the address. */
export interface RefundsSearch {
  q?: string | undefined;
  /** One business day, where a figure leads to its refunds. */
  day?: string | undefined;
  /** The first and the last business day. */
  from?: string | undefined;
  to?: string | undefined;
  cashier?: string | undefined;
  store?: string | undefined;
  shift?: string | undefined;
  sort?: string | undefined;
  refund?: string | undefined;
  columns?: string | undefined;
}

type Columns = NonNullable<NonNullable<PosExportRefundsData["query"]>["column"]>;

/** Columns of the screen by the columns of a file. */
const IN_FILES: Record<string, Columns> = {
  receipt: ["receipt_number"],
  sale: ["sale_receipt_number"],
  time: ["refunded_at"],
  register: ["register_name"],
  cashier: ["cashier_name"],
  reason: ["reason"],
  lines: ["lines_count"],
  amount: ["payable", "currency"],
};

type RefundsQuery = NonNullable<PosListRefundsData["query"]>;

const SORTS = ["refunded_at", "-refunded_at", "receipt_number", "-receipt_number"] as const;

/** Return what the list of refunds is to hold. */
export function refundsWanted(search: RefundsSearch): RefundsQuery {
  return {
    store_id: search.store ?? null,
    business_day: search.day ?? null,
    "business_day[gte]": search.from ?? null,
    "business_day[lte]": search.to ?? null,
    cashier_id: search.cashier ?? null,
    shift_id: search.shift ?? null,
    q: search.q ?? "",
    sort: SORTS.find((sort) => sort === search.sort) ?? null,
  };
}

/** Return what a file of the refunds is asked for: the same refunds, with the columns that are shown. */
export function refundsExport(
  search: RefundsSearch,
  shown: readonly string[],
): NonNullable<PosExportRefundsData["query"]> {
  return { ...refundsWanted(search), column: shown.flatMap((key) => IN_FILES[key] ?? []) };
}
