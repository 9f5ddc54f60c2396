// How sure it is that two contacts are the same, and why, in words; an icon tells what speaks against it.
import { Check, Unlink } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";

import type { DuplicateOut } from "@/api";
import { Badge } from "@/ui/marks";

import { saidOf } from "./reasons";

type Match = Pick<DuplicateOut, "score" | "verdict" | "reasons">;

/** The verdict with its score. */
export function Verdict({ match: { verdict, score } }: { match: Match }) {
  const t = useTranslations("duplicates");
  const format = useFormatter();
  const share = format.number(Math.floor(score * 100) / 100, { style: "percent" });
  return (
    <Badge tone={verdict === "certain" ? "warn" : "plain"}>
      <span>{t("verdict", { verdict })}</span>
      <span className="tabular font-normal">{share}</span>
    </Badge>
  );
}

/** What speaks for it and what against it. */
export function Reasons({ match: { reasons } }: { match: Match }) {
  const t = useTranslations("duplicates");
  const format = useFormatter();
  return (
    <ul aria-label={t("why")} className="flex flex-wrap gap-x-3 gap-y-1 text-sm">
      {saidOf(reasons).map(({ code, value, alike, how, isFor }) => (
        <li
          key={code}
          className={`flex max-w-full items-start gap-1.5 ${isFor ? "text-ink-2" : "text-ink-3"}`}
        >
          {isFor ? (
            <Check size={14} aria-label={t("speaksFor")} className="mt-0.5 shrink-0 text-ok" />
          ) : (
            <Unlink size={14} aria-label={t("speaksAgainst")} className="mt-0.5 shrink-0 text-warn" />
          )}
          <span className="min-w-0 break-words">
            {t("reason", {
              code,
              how,
              alike: format.number(alike, { style: "percent" }),
            })}
            {value !== "" && (
              <>
                {": "}
                <bdi className="tabular">{value}</bdi>
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
