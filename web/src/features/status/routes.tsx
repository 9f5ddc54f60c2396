// The requests by route: those with errors first, then the slowest.
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";

import type { RouteOut } from "@/api";
import { Button } from "@/ui/button";

import { useLasting } from "./lasting";
import { answersOf } from "./standing";
import { Figures } from "./table";

const FIRST = 10;

export function Routes({ routes }: { routes: readonly RouteOut[] }) {
  const t = useTranslations("status");
  const format = useFormatter();
  const lasting = useLasting();
  const [isWhole, setWhole] = useState(false);
  if (routes.length === 0) return <p className="text-ink-2">{t("noRoutes")}</p>;
  const percent = (share: number) => format.number(share, { style: "percent", maximumFractionDigits: 2 });
  return (
    <div className="grid gap-3">
      <Figures
        label={t("routes")}
        rows={isWhole ? routes : routes.slice(0, FIRST)}
        keyOf={(route) => `${route.method} ${route.route}`}
        fields={[
          { title: t("route"), cell: (route) => <Code>{`${route.method} ${route.route}`}</Code> },
          { title: t("requests"), isNumber: true, cell: (route) => format.number(route.requests) },
          {
            title: t("failed"),
            isNumber: true,
            cell: (route) => (
              <span className={route.failed > 0 ? "font-medium text-bad" : "text-ink-3"}>
                {route.failed > 0
                  ? t("failedShare", { count: route.failed, share: percent(route.failed / route.requests) })
                  : "0"}
              </span>
            ),
          },
          {
            title: t("p95"),
            isNumber: true,
            cell: (route) => {
              const answers = answersOf(route);
              return answers === null ? "—" : t("bound", { is: answers.is, time: lasting(answers.ms) });
            },
          },
        ]}
      />
      {routes.length > FIRST && !isWhole && (
        <div>
          <Button onClick={() => setWhole(true)}>{t("showAll", { count: routes.length })}</Button>
        </div>
      )}
    </div>
  );
}

export function Code({ children }: { children: string }) {
  return (
    <code translate="no" className="text-xs break-all">
      {children}
    </code>
  );
}
