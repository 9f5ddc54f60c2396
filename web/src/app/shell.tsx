// The frame of the back office: a rail with the pages this person may use, and the page.
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import {
  BarChart3,
  Bell,
  LogOut,
  Package,
  ReceiptText,
  Search,
  Settings,
  ShoppingBasket,
  UserRound,
  Users,
} from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslations } from "use-intl";

import { useLanguage } from "@/i18n/provider";
import { Kbd } from "@/ui/marks";

import { UnreadMark } from "./bell";
import { GoTo } from "./go-to";
import { Palette } from "./palette";
import { Preferences } from "./preferences";
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
  { to: "/settings/audit", label: "audit", permissions: ["audit.read"] },
  { to: "/settings/queue", label: "queue", permissions: ["queue.read"] },
  { to: "/settings/flags", label: "flags", permissions: ["flags.read"] },
  { to: "/settings/status", label: "status", permissions: ["operations.read"] },
  { to: "/settings/webhooks", label: "webhooks", permissions: ["webhooks.manage"] },
] as const;

/** The pages that everybody has. */
const ACCOUNT = { to: "/account", label: "account" } as const;
const INBOX = { to: "/notifications", label: "notifications" } as const;

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

/** The back office, which no PIN opens: whoever signed in by one is at the till. */
export function Shell() {
  const { session } = useSession();
  const { isWhole } = useLanguage();
  if (!isWhole) return null;
  return session?.station ? <GoTo href={`/till/${session.station.place_id}`} /> : <BackOffice />;
}

function BackOffice() {
  const t = useTranslations("common");
  const [isSearching, setSearching] = useState(false);

  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setSearching(true);
      }
    };
    window.addEventListener("keydown", open);
    return () => window.removeEventListener("keydown", open);
  }, []);

  return (
    <div className="grid h-full grid-cols-[13rem_1fr] max-md:grid-cols-1 max-md:grid-rows-[1fr_auto] print:block">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-panel focus:p-2"
      >
        {t("skip")}
      </a>
      <Rail onSearch={() => setSearching(true)} />
      <main id="content" className="min-h-0 min-w-0 max-md:row-start-1">
        <Outlet />
      </main>
      <Palette isOpen={isSearching} onClose={() => setSearching(false)} />
    </div>
  );
}

function Rail({ onSearch }: { onSearch: () => void }) {
  const t = useTranslations("common");
  const { session, end } = useSession();
  const navigate = useNavigate();
  const pages = usePages();
  return (
    <nav
      aria-label={t("navigation")}
      className="flex flex-col gap-0.5 border-e border-line bg-panel p-3 max-md:flex-row max-md:justify-around max-md:gap-0 max-md:border-e-0 max-md:border-t max-md:p-1 print:hidden"
    >
      <p className="flex items-center gap-2 px-2 pt-1 pb-3 text-lg font-semibold tracking-tight max-md:hidden">
        <span aria-hidden className="size-2.5 rounded-[3px] bg-accent" />
        <span translate="no">{"Tradepost"}</span>
      </p>
      <button
        type="button"
        onClick={onSearch}
        className="mb-2 flex items-center gap-2 rounded-lg border border-line bg-bg px-2.5 py-1.5 text-ink-3 hover:border-edge max-md:hidden"
      >
        <Search size={15} aria-hidden />
        <span className="flex-1 text-start">{t("search")}</span>
        <Kbd>{"Ctrl K"}</Kbd>
      </button>
      {pages.map(({ to, label, icon: Icon }) => (
        <RailLink key={to} to={to}>
          <Icon size={17} aria-hidden />
          <span className="max-md:w-full max-md:truncate max-md:text-center max-md:text-xs">{t(label)}</span>
        </RailLink>
      ))}
      <RailLink to={INBOX.to} className="relative">
        <Bell size={17} aria-hidden />
        <span className="flex-1 max-md:w-full max-md:flex-none max-md:truncate max-md:text-center max-md:text-xs">
          {t(INBOX.label)}
        </span>
        <UnreadMark />
      </RailLink>
      <RailLink to={ACCOUNT.to} className="md:hidden">
        <UserRound size={17} aria-hidden />
        <span className="w-full truncate text-center text-xs">{t(ACCOUNT.label)}</span>
      </RailLink>
      <div className="mt-auto grid gap-2 px-2 text-sm max-md:hidden">
        <Preferences />
        <div className="flex items-center gap-2 border-t border-line-2 pt-3">
          <Link
            to={ACCOUNT.to}
            title={t(ACCOUNT.label)}
            className="-ms-1 min-w-0 flex-1 rounded-lg px-1 py-0.5 hover:bg-line-2"
            activeProps={{ className: "!bg-accent-soft", "aria-current": "page" }}
          >
            <span className="block truncate text-ink">{session?.person.name}</span>
            <span className="block text-xs text-ink-3">
              {t("role", { role: session?.person.role ?? "" })}
            </span>
          </Link>
          <button
            type="button"
            aria-label={t("signOut")}
            title={t("signOut")}
            className="rounded-lg p-1.5 text-ink-2 hover:bg-line-2"
            onClick={() => void end().then(() => navigate({ to: "/sign-in" }))}
          >
            <LogOut size={16} aria-hidden />
          </button>
        </div>
      </div>
    </nav>
  );
}

interface RailLinkProps {
  to: (typeof PAGES)[number]["to"] | typeof ACCOUNT.to | typeof INBOX.to;
  className?: string;
  children: ReactNode;
}

function RailLink({ to, className = "", children }: RailLinkProps) {
  return (
    <Link
      to={to}
      className={`${className} flex items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-ink-2 hover:bg-line-2 max-md:min-w-0 max-md:flex-1 max-md:flex-col max-md:gap-0.5 max-md:px-0`}
      activeProps={{ className: "!bg-accent-soft !text-accent font-semibold", "aria-current": "page" }}
    >
      {children}
    </Link>
  );
}
