// What came of a batch when every card is decided on: the contacts that were made, and what was left out.
import { Link } from "@tanstack/react-router";
import { Check, PartyPopper, SkipForward } from "lucide-react";
import { useTranslations } from "use-intl";

import { Button, buttonStyle } from "@/ui/button";

import { CardThumb } from "./card-thumb";
import type { CardRowOut } from "@/api";
import { progressOf } from "./order";

interface SummaryProps {
  rows: readonly CardRowOut[];
  batchId: string;
  /** Whether more cards will come. */
  isReading: boolean;
  onOpen: (row: CardRowOut) => void;
}

export function Summary({ rows, batchId, isReading, onOpen }: SummaryProps) {
  const t = useTranslations("cards");
  const { accepted, skipped } = progressOf(rows);
  return (
    <div className="min-w-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-3xl gap-6 p-6">
        <div className="grid justify-items-center gap-2 py-6 text-center">
          <span className="grid size-12 place-items-center rounded-full bg-ok-soft text-ok">
            <PartyPopper size={24} aria-hidden />
          </span>
          <h2 className="text-2xl font-semibold tracking-tight">{t(isReading ? "doneSoFar" : "allDone")}</h2>
          <p className="text-ink-2">{t("doneOf", { accepted, skipped })}</p>
          {isReading && (
            <p role="status" className="text-ink-2">
              {t("moreComing")}
            </p>
          )}
          <div className="mt-2 flex flex-wrap justify-center gap-2">
            <Link to="/contacts" search={{ sort: "-created_at" }} className={buttonStyle("primary")}>
              {t("toContacts")}
            </Link>
            <Link to="/contacts/cards" search={{ batch: batchId }} className={buttonStyle()}>
              {t("pictures")}
            </Link>
          </div>
        </div>
        <ul className="grid gap-px overflow-hidden rounded-xl border border-line bg-line">
          {rows.map((row) => (
            <li key={row.id} className="flex items-center gap-3 bg-panel p-2.5">
              <CardThumb
                card={row}
                label=""
                className="aspect-[8/5] w-20 shrink-0 rounded-md border border-line"
              />
              <div className="min-w-0 flex-1">
                {row.contact_id === null ? (
                  <span className="block truncate">{row.name || t("nameless")}</span>
                ) : (
                  <Link
                    to="/contacts"
                    search={{ contact: row.contact_id }}
                    className="hit block truncate font-medium text-accent underline"
                  >
                    {row.name || t("nameless")}
                  </Link>
                )}
                <span className="block truncate text-sm text-ink-3">{row.company}</span>
              </div>
              <span className="inline-flex items-center gap-1 text-sm text-ink-2">
                {row.state === "accepted" ? (
                  <Check size={14} aria-hidden className="text-ok" />
                ) : (
                  <SkipForward size={14} aria-hidden />
                )}
                {t("stateOf", { state: row.state })}
              </span>
              {row.state === "skipped" && <Button onClick={() => onOpen(row)}>{t("look")}</Button>}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
