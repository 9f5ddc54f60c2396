// The slowest of the last hour, each with the id that finds its lines in the log.
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { SlowSampleOut } from "@/api";
import { Button } from "@/ui/button";
import { useTime } from "@/ui/money";

import { useLasting } from "./lasting";
import { Code } from "./routes";
import { Figures } from "./table";

const FIRST = 5;

export function Samples({ label, samples }: { label: string; samples: readonly SlowSampleOut[] }) {
  const t = useTranslations("status");
  const lasting = useLasting();
  const [isWhole, setWhole] = useState(false);
  const time = useTime();
  if (samples.length === 0) return <p className="text-ink-2">{t("noSamples")}</p>;
  return (
    <div className="grid gap-3">
      <Figures
        label={label}
        rows={isWhole ? samples : samples.slice(0, FIRST)}
        keyOf={(sample) => `${sample.place} ${sample.statement ?? ""}`}
        fields={[
          {
            title: t("where"),
            cell: (sample) => (
              <div className="grid gap-0.5">
                <Code>{sample.place}</Code>
                {sample.statement !== null && (
                  <code translate="no" className="text-xs break-words text-ink-2">
                    {sample.statement}
                  </code>
                )}
              </div>
            ),
          },
          {
            title: t("took"),
            isNumber: true,
            cell: (sample) => lasting(sample.ms),
          },
          { title: t("at"), isNumber: true, cell: (sample) => time(sample.at) },
          {
            title: t("request"),
            cell: ({ request_id: id }) =>
              id === null ? (
                "—"
              ) : (
                <code translate="no" className="text-xs max-md:break-all md:whitespace-nowrap">
                  {id}
                </code>
              ),
          },
        ]}
      />
      {samples.length > FIRST && !isWhole && (
        <div>
          <Button onClick={() => setWhole(true)}>{t("showAll", { count: samples.length })}</Button>
        </div>
      )}
    </div>
  );
}
