// What is promised of requests, and how much of what may be missed is left.
import { useFormatter, useTranslations } from "use-intl";

import type { ObjectiveOut } from "@/api";
import { Badge } from "@/ui/marks";
import { Card } from "@/ui/page";

import { shareLeft, toneOf } from "./standing";

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
    </Card>
  ));
}
