// The way around on a phone: the pages that are used most, and a sheet with all that is left.
import { useLocation, useNavigate } from "@tanstack/react-router";
import { Bell, Ellipsis, LogOut, Search, UserRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslations } from "use-intl";

import { Dialog } from "@/ui/dialog";

import { UnreadMark } from "./bell";
import { PlaceLink } from "./place-link";
import { ACCOUNT, INBOX, isHere, type Place, usePages } from "./places";
import { Preferences } from "./preferences";
import { useSession } from "./session";

/** As many as have room for their names in every language, beside the way to the others. */
const MOST = 4;
const ENTRY =
  "relative flex min-h-12 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 rounded-lg px-0.5 text-ink-2";
const HERE = "!bg-accent-soft !text-accent font-semibold";
const ROW = "flex min-h-12 items-center gap-3 rounded-lg px-3 text-start hover:bg-line-2";

export function BottomBar({ onSearch }: { onSearch: () => void }) {
  const t = useTranslations("common");
  const [isOpen, setOpen] = useState(false);
  const { pathname } = useLocation();
  const pages = usePages();
  const first = pages.slice(0, MOST);
  const others = pages.slice(MOST);
  const isElsewhere = [...others, INBOX, ACCOUNT].some(({ to }) => isHere(to, pathname));
  return (
    <>
      <nav
        aria-label={t("navigation")}
        className="flex border-t border-line bg-panel p-1 pb-[max(0.25rem,env(safe-area-inset-bottom))] print:hidden"
      >
        {first.map(({ to, label, icon: Icon }) => (
          <PlaceLink key={to} to={to} className={ENTRY} marked={HERE}>
            <Icon size={20} aria-hidden />
            <Name>{t(label)}</Name>
          </PlaceLink>
        ))}
        <button
          type="button"
          aria-haspopup="dialog"
          aria-expanded={isOpen}
          className={`${ENTRY} ${isElsewhere ? HERE : ""}`}
          onClick={() => setOpen(true)}
        >
          <Ellipsis size={20} aria-hidden />
          <Name>{t("others")}</Name>
          <UnreadMark />
        </button>
      </nav>
      <Dialog title={t("others")} isOpen={isOpen} onClose={() => setOpen(false)} bottom>
        <Others
          pages={others}
          onDone={() => setOpen(false)}
          onSearch={() => {
            setOpen(false);
            onSearch();
          }}
        />
      </Dialog>
    </>
  );
}

function Name({ children }: { children: string }) {
  return <span className="w-full truncate text-center text-xs">{children}</span>;
}

interface OthersProps {
  pages: ReturnType<typeof usePages>;
  onDone: () => void;
  onSearch: () => void;
}

function Others({ pages, onDone, onSearch }: OthersProps) {
  const t = useTranslations("common");
  const { session, end } = useSession();
  const navigate = useNavigate();
  return (
    <div className="grid gap-4">
      <div className="grid gap-0.5 text-lg">
        <button type="button" className={ROW} onClick={onSearch}>
          <Search size={20} aria-hidden className="text-ink-2" />
          {t("search")}
        </button>
        {pages.map(({ to, label, icon: Icon }) => (
          <Row key={to} to={to} icon={<Icon size={20} aria-hidden className="text-ink-2" />} onDone={onDone}>
            {t(label)}
          </Row>
        ))}
        <Row to={INBOX.to} icon={<Bell size={20} aria-hidden className="text-ink-2" />} onDone={onDone}>
          <span className="flex-1">{t(INBOX.label)}</span>
          <UnreadMark isBeside />
        </Row>
        <Row
          to={ACCOUNT.to}
          icon={<UserRound size={20} aria-hidden className="text-ink-2" />}
          onDone={onDone}
        >
          <span className="min-w-0 flex-1">
            <span className="block">{t(ACCOUNT.label)}</span>
            <span className="block truncate text-sm text-ink-3">{session?.person.name}</span>
          </span>
        </Row>
      </div>
      <div className="border-t border-line-2 pt-4">
        <Preferences />
      </div>
      <button
        type="button"
        className={`${ROW} border border-line text-lg`}
        onClick={() => void end().then(() => navigate({ to: "/sign-in" }))}
      >
        <LogOut size={20} aria-hidden className="text-ink-2" />
        {t("signOut")}
      </button>
    </div>
  );
}

interface RowProps {
  to: Place;
  icon: ReactNode;
  onDone: () => void;
  children: ReactNode;
}

function Row({ to, icon, onDone, children }: RowProps) {
  return (
    <PlaceLink to={to} className={ROW} marked={HERE} onClick={onDone}>
      {icon}
      {children}
    </PlaceLink>
  );
}
