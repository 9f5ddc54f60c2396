// How many notifications are unread: asked every minute while somebody is there, so that a page left open signs out.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";

import { notificationsCountUnread } from "@/api";

export const UNREAD = ["notifications", "unread"];
const EVERY_MS = 60_000;
const AWAY_MS = 15 * 60_000;
/** The program counts no further. */
const MOST = 99;

export function useUnread(): number {
  const touchedAt = useRef(0);
  const { data, refetch } = useQuery({
    queryKey: UNREAD,
    queryFn: ({ signal }) => notificationsCountUnread({ signal }),
    refetchInterval: () => (Date.now() - touchedAt.current < AWAY_MS ? EVERY_MS : false),
  });
  useEffect(() => {
    const touch = () => {
      const wasAway = Date.now() - touchedAt.current >= AWAY_MS;
      touchedAt.current = Date.now();
      if (wasAway) void refetch();
    };
    touchedAt.current = Date.now();
    window.addEventListener("pointerdown", touch);
    window.addEventListener("keydown", touch);
    return () => {
      window.removeEventListener("pointerdown", touch);
      window.removeEventListener("keydown", touch);
    };
  }, [refetch]);
  return data?.unread ?? 0;
}

export function UnreadMark({ isBeside = false }: { isBeside?: boolean }) {
  const t = useTranslations("common");
  const unread = useUnread();
  if (unread === 0) return null;
  return (
    <span
      className={`tabular rounded-full bg-accent px-1.5 text-xs leading-5 font-semibold text-accent-ink ${isBeside ? "" : "absolute start-[calc(50%+0.5rem)] top-0"}`}
    >
      <span aria-hidden>{unread > MOST ? `${MOST}+` : unread}</span>
      <span className="sr-only">{t("unread", { count: unread })}</span>
    </span>
  );
}
