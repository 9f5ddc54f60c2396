// What is promised of requests, and how much of what may be missed is left.
import { useFormatter, useTranslations } from "use-intl";

import type { ObjectiveOut } from "@/api";
import { Badge } from "@/ui/marks";
import { Card } from "@/ui/page";

import { burnToneOf, shareLeft, toneOf } from "./standing";

export function Objectives({ objectives }: { objectives: readonly ObjectiveOut[] }) {
  const t = useTranslations("status");
  const format = useFormatter();
  const percent = (share: number) => format.number(share, { style: "percent", maximumFractionDigits: 1 });
  return objectives.map((one) => (
    <Card key={one.name} title={t("objective", { name: one.name, target: percent(one.target) })}>
      <p className="flex flex-wrap items-center gap-3">
        <span className="text-2xl font-semibold tracking-tight tabular-nums">
          {percent(shareLeft(one.budget_left))}
        </span>
        <Badge tone={toneOf(one.budget_left)}>{t("budget", { tone: toneOf(one.budget_left) })}</Badge>
      </p>
      <p className="text-ink-2">{t("missed", { missed: one.missed, requests: one.requests })}</p>
      <dl className="mt-2 grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 border-t border-line pt-2">
        <Burn label={t("burnHour")} rate={one.burn_hour} />
        <Burn label={t("burnSixHours")} rate={one.burn_six_hours} />
      </dl>
    </Card>
  ));
}

/** How many times as fast as the budget allows requests miss what is promised. */
function Burn({ label, rate }: { label: string; rate: number | null }) {
  const t = useTranslations("status");
  const format = useFormatter();
  return (
    <>
      <dt className="text-ink-2">{label}</dt>
      <dd className="text-end tabular-nums">
        {rate === null ? (
          <span className="text-ink-3">{t("noRequests")}</span>
        ) : (
          <Badge tone={burnToneOf(rate)}>
            {t("burn", { rate: format.number(rate, { maximumFractionDigits: 1 }) })}
          </Badge>
        )}
      </dd>
    </>
  );
}
