// All cards of a batch in small, each with what was decided.
import { Link } from "@tanstack/react-router";
import { Check, CircleHelp, SkipForward } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslations } from "use-intl";

import { CardThumb } from "./card-thumb";
import type { CardRowOut } from "@/api";

interface ThumbsProps {
  rows: readonly CardRowOut[];
  batchId: string;
  current: string;
}

export function Thumbs({ rows, batchId, current }: ThumbsProps) {
  const t = useTranslations("cards");
  const shown = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    shown.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <nav
      aria-label={t("cards")}
      className="w-36 shrink-0 overflow-y-auto border-e border-line bg-panel p-3 max-lg:hidden"
    >
      <ol className="grid gap-2.5">
        {rows.map((row, index) => (
          <li key={row.id}>
            <Link
              ref={row.id === current ? shown : null}
              to="/contacts/cards/review"
              search={{ batch: batchId, card: row.id, photo: row.photo_id }}
              aria-current={row.id === current ? "true" : undefined}
              className={`relative block rounded-lg ${row.id === current ? "outline-2 outline-offset-2 outline-accent" : "hover:outline-2 hover:outline-offset-1 hover:outline-line"} ${row.state === "draft" ? "" : "opacity-65"}`}
            >
              <CardThumb
                card={row}
                label={t("cardOf", { number: index + 1, name: row.name || row.company || t("nameless") })}
                className="aspect-[8/5] w-full rounded-lg border border-line"
              />
              <Mark row={row} />
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

const MARK =
  "absolute end-1 bottom-1 inline-flex items-center gap-1 rounded-full px-1.5 py-0.5 text-xs font-medium shadow-2";

export function Mark({ row }: { row: CardRowOut }) {
  const t = useTranslations("cards");
  if (row.state === "accepted")
    return (
      <span className={`${MARK} bg-ok-soft text-ok`}>
        <Check size={12} aria-label={t("stateOf", { state: "accepted" })} />
      </span>
    );
  if (row.state === "skipped")
    return (
      <span className={`${MARK} bg-line-2 text-ink-2`}>
        <SkipForward size={12} aria-label={t("stateOf", { state: "skipped" })} />
      </span>
    );
  if (row.unsure > 0)
    return (
      <span className={`${MARK} bg-warn-soft text-warn`}>
        <CircleHelp size={12} aria-hidden />
        <span aria-hidden>{row.unsure}</span>
        <span className="sr-only">{t("unsureFields", { count: row.unsure })}</span>
      </span>
    );
  return null;
}
