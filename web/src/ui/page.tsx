// A page: a title line with at most one primary act, the content, and a side panel that keeps the list in sight.
import { X } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";

import { IconButton } from "./button";
import { useTitle } from "./title";

interface PageProps {
  title: string;
  badge?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  panel?: ReactNode;
}

export function Page({ title, badge, actions, children, panel }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useEffect(() => {
    heading.current?.focus();
  }, [title]);
  return (
    <div className="grid h-full grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr] overflow-hidden">
      <header className="flex min-h-15 flex-wrap items-center gap-3 border-b border-line bg-panel px-6 py-2.5">
        <h1 ref={heading} tabIndex={-1} className="text-lg font-semibold tracking-tight outline-none">
          {title}
        </h1>
        {badge}
        <div className="flex-1" />
        {actions}
      </header>
      <div className="flex min-h-0">
        <div data-scroll className="min-w-0 flex-1 overflow-auto" tabIndex={-1}>
          {children}
        </div>
        {panel}
      </div>
    </div>
  );
}

export function SidePanel({
  label,
  kicker,
  onClose,
  children,
}: {
  label: string;
  kicker?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}) {
  const t = useTranslations("common");
  return (
    <aside
      aria-label={label}
      className="w-96 shrink-0 overflow-auto border-s border-line bg-panel p-5 max-lg:fixed max-lg:inset-0 max-lg:z-40 max-lg:w-full"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <div className="mb-4 flex items-start gap-2">
        <div className="min-w-0 flex-1">
          {kicker !== undefined && <p className="text-xs text-ink-3">{kicker}</p>}
          <h2 className="text-xl font-semibold tracking-tight break-words">{label}</h2>
        </div>
        <IconButton label={t("close")} onClick={onClose}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      {children}
    </aside>
  );
}

export function Card({
  title,
  children,
  className = "",
}: {
  title?: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <section className={`rounded-xl border border-line bg-panel p-4 ${className}`}>
      {title !== undefined && <h2 className="mb-2 text-sm font-medium text-ink-2">{title}</h2>}
      {children}
    </section>
  );
}
