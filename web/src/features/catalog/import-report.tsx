// What became of a file: progress while it runs, then every row accounted for.
import { Download } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";

import { rejectedRowsOf } from "@/addresses";
import type { ImportOut, ImportRowOut } from "@/api";
import { buttonStyle } from "@/ui/button";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { Badge } from "@/ui/marks";
import { Card } from "@/ui/page";

import { Scanned } from "@/features/files/scanned";

import { figuresOf, isRunning, separatorOf } from "./import-state";
import { useImportRows } from "./queries";

export function Report({ report }: { report: ImportOut }) {
  const t = useTranslations("catalog");
  const common = useTranslations("common");
  const format = useFormatter();
  return (
    <div className="mx-auto grid max-w-5xl gap-5 p-6">
      {report.is_repeat && <p className="rounded-xl bg-accent-soft p-4 text-accent">{t("repeat")}</p>}
      {report.problem !== null && (
        <div role="alert" className="rounded-xl bg-bad-soft p-4 text-bad">
          <p className="font-semibold">{t("problemTitle")}</p>
          <p>{report.scan === "infected" ? common("infected") : report.problem}</p>
        </div>
      )}
      <Scanned scan={report.scan} />
      {isRunning(report) && report.scan !== "waiting" && (
        <Card>
          <progress
            aria-label={t("progress", { percent: "" })}
            value={report.progress}
            max={1}
            className="h-2 w-full accent-accent"
          />
          <p className="mt-2 text-ink-2" role="status">
            {t("progress", { percent: format.number(report.progress, { style: "percent" }) })} · {t("leave")}
          </p>
        </Card>
      )}
      {report.format !== null && (
        <p className="text-ink-2">
          {t("detected", {
            format: report.format,
            encoding: report.encoding ?? "",
            separator: t("separatorName", { separator: separatorOf(report) }),
          })}
        </p>
      )}
      <dl className="grid grid-cols-4 gap-3 max-md:grid-cols-2">
        {figuresOf(report).map(([name, count]) => (
          <div key={name} className="rounded-xl border border-line bg-panel p-4">
            <dt className="text-sm text-ink-2">{t(name)}</dt>
            <dd className="tabular text-2xl font-semibold">{format.number(count)}</dd>
          </div>
        ))}
      </dl>
      {report.status === "done" && <Rows report={report} />}
    </div>
  );
}

function Rows({ report }: { report: ImportOut }) {
  const t = useTranslations("catalog");
  const rows = useImportRows(report.id, true);
  const found = rows.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<ImportRowOut>[] = [
    { key: "row", title: t("row"), isNumber: true, cell: (row) => row.row_number },
    {
      key: "outcome",
      title: t("outcome"),
      cell: (row) => (
        <Badge tone={row.outcome === "rejected" ? "bad" : "warn"}>
          {t("outcomeName", { outcome: row.outcome })}
        </Badge>
      ),
    },
    { key: "reason", title: t("reason"), cell: (row) => row.reason },
    {
      key: "content",
      title: t("content"),
      cell: (row) => <span className="line-clamp-2 break-all text-ink-3">{row.raw.join(" · ")}</span>,
    },
  ];
  if (rows.data === undefined) return null;
  if (found.length === 0) return <p className="text-ink-2">{t("allTaken")}</p>;
  return (
    <section className="grid gap-3">
      {report.rows_rejected > 0 && (
        <a href={rejectedRowsOf(report.id)} download className={`${buttonStyle()} w-fit`}>
          <Download size={16} aria-hidden />
          {t("download")}
        </a>
      )}
      <ListTable
        label={t("reason")}
        columns={columns}
        rows={found}
        keyOf={(row) => `${row.row_number} ${row.outcome}`}
      />
      <NextPage
        hasMore={rows.hasNextPage}
        isLoading={rows.isFetchingNextPage}
        onMore={() => void rows.fetchNextPage()}
      />
    </section>
  );
}
