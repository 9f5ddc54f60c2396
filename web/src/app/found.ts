// What the search over everything has found, in the order it is shown.
import type { ContactsOut, SalesOut, TagsOut, VariantsOut } from "@/api";

/** One thing to open: a page of the app, a product, a contact, those with a tag or of a group, or a receipt. */
export type Found<To extends string = string> =
  | { kind: "page"; key: string; label: string; to: To }
  | { kind: "product"; key: string; label: string; code: string | null; productId: string }
  | { kind: "contact"; key: string; label: string; about: string | null; contactId: string }
  | { kind: "label"; key: string; label: string; isGroup: boolean; count: number | null; labelId: string }
  | { kind: "receipt"; key: string; label: string; saleId: string };

const MOST_LABELS = 5;

interface Sources<To extends string> {
  query: string;
  pages: readonly { to: To; label: string }[];
  products: VariantsOut["items"] | undefined;
  contacts: ContactsOut["items"] | undefined;
  labels: TagsOut["items"] | undefined;
  sales: SalesOut["items"] | undefined;
}

/** Whether a text can be the beginning of a receipt number: a till's code, a hyphen, a number. */
export function beginsReceipt(query: string): boolean {
  return /^[a-z0-9]{1,8}(-[0-9]*)?$/i.test(query);
}

/** Return pages whose names hold the query, then products, contacts, tags and receipts; without a query all pages. */
export function resultsOf<To extends string>({
  query,
  pages,
  products,
  contacts,
  labels,
  sales,
}: Sources<To>): Found<To>[] {
  const wanted = query.toLowerCase();
  const places = pages
    .filter((page) => page.label.toLowerCase().includes(wanted))
    .map((page): Found<To> => ({ kind: "page", key: page.to, ...page }));
  if (query === "") return places;
  return [
    ...places,
    ...(products ?? []).map((row): Found<To> => {
      const code = row.sku ?? row.barcode;
      return { kind: "product", key: row.id, label: row.name, code, productId: row.product_id };
    }),
    ...(contacts ?? []).map((row): Found<To> => {
      const about = row.company_name ?? row.title ?? row.phone ?? row.email;
      return { kind: "contact", key: row.id, label: row.name, about, contactId: row.id };
    }),
    ...(labels ?? [])
      .filter((label) => label.name.toLowerCase().includes(wanted))
      .slice(0, MOST_LABELS)
      .map((label): Found<To> => ({
        kind: "label",
        key: label.id,
        label: label.name,
        isGroup: label.kind === "group",
        count: label.count,
        labelId: label.id,
      })),
    ...(sales ?? []).map((sale): Found<To> => ({
      kind: "receipt",
      key: sale.id,
      label: sale.receipt_number,
      saleId: sale.id,
    })),
  ];
}

/** Return where the choice stands after a key: it stays inside the list; undefined for other keys. */
export function chosenAfter(key: string, at: number, count: number): number | undefined {
  if (key === "ArrowDown") return Math.max(0, Math.min(at + 1, count - 1));
  if (key === "ArrowUp") return Math.max(at - 1, 0);
  return undefined;
}
