// The slowest of the last hour, each with the id that finds its lines in the log.
import { useFormatter, useTranslations } from "use-intl";

import type { SlowSampleOut } from "@/api";
import { useTime } from "@/ui/money";

import { Code } from "./routes";
import { Figures } from "./table";

export function Samples({ label, samples }: { label: string; samples: readonly SlowSampleOut[] }) {
  const t = useTranslations("status");
  const format = useFormatter();
  const time = useTime();
  if (samples.length === 0) return <p className="text-ink-2">{t("noSamples")}</p>;
  return (
    <Figures
      label={label}
      isWide
      rows={samples}
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
          cell: (sample) => t("ms", { ms: format.number(sample.ms, { maximumFractionDigits: 1 }) }),
        },
        { title: t("at"), isNumber: true, cell: (sample) => time(sample.at) },
        {
          title: t("request"),
          cell: (sample) => (sample.request_id === null ? "—" : <Code>{sample.request_id}</Code>),
        },
      ]}
    />
  );
}
