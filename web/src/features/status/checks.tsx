// What the program needs or uses: whether each is there, how long its answer took, and what is wrong.
import { useTranslations } from "use-intl";

import type { StatusCheckOut } from "@/api";
import { Badge } from "@/ui/marks";

import { useLasting } from "./lasting";

export function Checks({ checks }: { checks: readonly StatusCheckOut[] }) {
  const t = useTranslations("status");
  const lasting = useLasting();
  const toneOf = (check: StatusCheckOut) => (check.is_ok ? "ok" : check.is_needed ? "bad" : "warn");
  return (
    <ul className="grid gap-2">
      {checks.map((check) => (
        <li key={check.name}>
          <p className="flex flex-wrap items-center gap-3">
            <span className="flex-1">{t("check", { name: check.name })}</span>
            <span className="text-ink-2 tabular-nums">{lasting(check.ms)}</span>
            <Badge tone={toneOf(check)}>{t("answer", { is: check.is_ok ? "well" : "trouble" })}</Badge>
          </p>
          {check.reason !== null && (
            <p className="text-sm break-words text-ink-2" translate="no">
              {check.reason}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
