// What the address of the list of refunds says, and what the program is asked for it.
import type { PosExportRefundsData, PosListRefundsData } from "@/api";

/** The state of the list of refunds as it stands in the address. */
export interface RefundsSearch {
  q?: string | undefined;
  day?: string | undefined;
  store?: string | undefined;
  shift?: string | undefined;
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

/** Return what the list of refunds is to hold. */
export function refundsWanted(
  search: RefundsSearch,
): Required<Omit<NonNullable<PosListRefundsData["query"]>, "cursor" | "limit" | "fields">> {
  return {
    store_id: search.store ?? null,
    business_day: search.day ?? null,
    shift_id: search.shift ?? null,
    q: search.q ?? "",
  };
}

/** Return what a file of the refunds is asked for: the same refunds, with the columns that are shown. */
export function refundsExport(
  search: RefundsSearch,
  shown: readonly string[],
): NonNullable<PosExportRefundsData["query"]> {
  return { ...refundsWanted(search), column: shown.flatMap((key) => IN_FILES[key] ?? []) };
}
