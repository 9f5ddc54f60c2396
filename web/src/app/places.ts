// The pages of the back office, and which of them a person may use.
import { BarChart3, Package, ReceiptText, Settings, ShoppingBasket, Users } from "lucide-react";

import { useSession } from "./session";

const PAGES = [
  { to: "/till", label: "till", permission: "pos.sell", icon: ShoppingBasket },
  { to: "/catalogue", label: "catalogue", permission: "catalog.read", icon: Package },
  { to: "/contacts", label: "contacts", permission: "crm.read", icon: Users },
  { to: "/sales", label: "sales", permission: "pos.read_sales", icon: ReceiptText },
  { to: "/numbers", label: "numbers", permission: "insight.read", icon: BarChart3 },
  { to: "/settings", label: "settings", permission: "shop.read", icon: Settings },
] as const;

/** Pages that the rail leaves to the pages above them, and the search over everything finds. */
const INNER_PAGES = [
  { to: "/contacts/duplicates", label: "duplicates", permissions: ["crm.read", "crm.see_personal"] },
  { to: "/refunds", label: "refunds", permissions: ["pos.read_sales"] },
  { to: "/shifts", label: "shifts", permissions: ["pos.read_sales"] },
  { to: "/settings/audit", label: "audit", permissions: ["audit.read"] },
  { to: "/settings/queue", label: "queue", permissions: ["queue.read"] },
  { to: "/settings/flags", label: "flags", permissions: ["flags.read"] },
  { to: "/settings/status", label: "status", permissions: ["operations.read"] },
  { to: "/settings/errors", label: "errors", permissions: ["operations.errors"] },
  { to: "/settings/webhooks", label: "webhooks", permissions: ["webhooks.manage"] },
] as const;

/** The pages that everybody has. */
export const ACCOUNT = { to: "/account", label: "account" } as const;
export const INBOX = { to: "/notifications", label: "notifications" } as const;

export type Place = (typeof PAGES)[number]["to"] | typeof ACCOUNT.to | typeof INBOX.to;

/** Pages with an address of their own that belong to a page of the rail. */
const WITHIN: Partial<Record<Place, readonly string[]>> = { "/sales": ["/refunds", "/shifts"] };

/** Say whether the page at `pathname` is the one at `to`, or belongs to it. */
export function isHere(to: Place, pathname: string): boolean {
  return [to, ...(WITHIN[to] ?? [])].some((own) => pathname === own || pathname.startsWith(`${own}/`));
}

/** Every page that this person may use and that is worth a search. */
export function usePlaces() {
  const { may } = useSession();
  const pages = PAGES.filter((page) => may(page.permission));
  return [...pages, ...INNER_PAGES.filter((page) => page.permissions.every(may)), INBOX, ACCOUNT];
}

export function usePages() {
  const { may } = useSession();
  return PAGES.filter((page) => may(page.permission));
}
