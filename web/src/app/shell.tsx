// The frame of the back office: a rail with the pages this person may use, and the page.
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { Bell, LogOut, Search } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslations } from "use-intl";

import { useLanguage } from "@/i18n/provider";
import { Kbd } from "@/ui/marks";
import { useNarrow } from "@/ui/narrow";

import { UnreadMark } from "./bell";
import { BottomBar } from "./bottom-bar";
import { GoTo } from "./go-to";
import { Palette } from "./palette";
import { PlaceLink } from "./place-link";
import { ACCOUNT, INBOX, type Place, usePages } from "./places";
import { Preferences } from "./preferences";
import { useSession } from "./session";

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
  const isNarrow = useNarrow();

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
    <div className="grid h-full grid-cols-[13rem_1fr] max-md:grid-cols-[minmax(0,1fr)] max-md:grid-rows-[minmax(0,1fr)_auto] print:block">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-panel focus:p-2"
      >
        {t("skip")}
      </a>
      {!isNarrow && <Rail onSearch={() => setSearching(true)} />}
      <main id="content" className="min-h-0 min-w-0">
        <Outlet />
      </main>
      {isNarrow && <BottomBar onSearch={() => setSearching(true)} />}
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
      className="flex flex-col gap-0.5 border-e border-line bg-panel p-3 print:hidden"
    >
      <p className="flex items-center gap-2 px-2 pt-1 pb-3 text-lg font-semibold tracking-tight">
        <span aria-hidden className="size-2.5 rounded-[3px] bg-accent" />
        <span translate="no">{"Tradepost"}</span>
      </p>
      <button
        type="button"
        onClick={onSearch}
        className="mb-2 flex items-center gap-2 rounded-lg border border-line bg-bg px-2.5 py-1.5 text-ink-3 hover:border-edge"
      >
        <Search size={15} aria-hidden />
        <span className="flex-1 text-start">{t("search")}</span>
        <Kbd>{"Ctrl K"}</Kbd>
      </button>
      {pages.map(({ to, label, icon: Icon }) => (
        <RailLink key={to} to={to}>
          <Icon size={17} aria-hidden />
          <span>{t(label)}</span>
        </RailLink>
      ))}
      <RailLink to={INBOX.to}>
        <Bell size={17} aria-hidden />
        <span className="flex-1">{t(INBOX.label)}</span>
        <UnreadMark isBeside />
      </RailLink>
      <div className="mt-auto grid gap-2 px-2 text-sm">
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

function RailLink({ to, children }: { to: Place; children: ReactNode }) {
  return (
    <PlaceLink
      to={to}
      className="flex items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-ink-2 hover:bg-line-2"
      marked="!bg-accent-soft !text-accent font-semibold"
    >
      {children}
    </PlaceLink>
  );
}
