// What came of a file, entry by entry, and of those that were sent before.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, RotateCw } from "lucide-react";
import { useEffect } from "react";
import { useFormatter, useTranslations } from "use-intl";

import { rejectedEntriesOf } from "@/addresses";
import {
  type ContactImportOut,
  crmGetContactImport,
  crmListContactImportRows,
  crmListContactImports,
  crmRestartContactImport,
} from "@/api";
import { Scanned } from "@/features/files/scanned";
import { Button, buttonStyle } from "@/ui/button";
import { Badge, type Tone } from "@/ui/marks";
import { Refusal } from "@/ui/states";

const LOOK_MS = 500;
const REJECTED_SHOWN = 100;
const FILES_SHOWN = 10;
const TONES: Record<ContactImportOut["state"], Tone> = { waiting: "plain", done: "ok", failed: "bad" };

interface OutcomeProps {
  sent: ContactImportOut;
  onDone: () => void;
  onRestart: (sent: ContactImportOut) => void;
}

export function Outcome({ sent, onDone, onRestart }: OutcomeProps) {
  const report = useQuery({
    queryKey: ["contact import", sent.id],
    initialData: sent,
    queryFn: ({ signal }) => crmGetContactImport({ path: { import_id: sent.id }, signal }),
    refetchInterval: ({ state }) => (state.data?.state === "waiting" ? LOOK_MS : false),
  });
  const { state } = report.data;
  useEffect(() => {
    if (state === "done") onDone();
    // Only when it has become so: what is done is not done again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state]);
  return (
    <div role="status" className="grid gap-3">
      <Refusal failure={report.error} />
      <Told report={report.data} isRepeat={sent.is_repeat === true} onRestart={onRestart} />
    </div>
  );
}

interface ToldProps {
  report: ContactImportOut;
  isRepeat: boolean;
  onRestart: (sent: ContactImportOut) => void;
}

function Told({ report, isRepeat, onRestart }: ToldProps) {
  const t = useTranslations("crm");
  const format = useFormatter();
  if (report.state === "waiting")
    return <p className="text-ink-2">{t("readingFile", { name: report.filename })}</p>;
  if (report.state === "failed") return <Failed report={report} onRestart={onRestart} />;
  const figures = {
    accepted: report.entries_accepted,
    known: report.entries_known,
    rejected: report.entries_rejected,
  };
  return (
    <>
      <p className="font-medium break-words">
        {t(isRepeat ? "fileAgain" : "fileRead", { name: report.filename, count: report.entries_read })}
      </p>
      <dl className="grid grid-cols-3 gap-3">
        {Object.entries(figures).map(([outcome, count]) => (
          <div key={outcome} className="rounded-xl border border-line p-3">
            <dt className="text-sm text-ink-2">{t("outcome", { outcome })}</dt>
            <dd className="tabular text-2xl font-semibold">{format.number(count)}</dd>
          </div>
        ))}
      </dl>
      <Scanned scan={report.scan} />
      {report.entries_rejected > 0 && <Rejected importId={report.id} />}
    </>
  );
}

function Failed({ report, onRestart }: { report: ContactImportOut; onRestart: ToldProps["onRestart"] }) {
  const t = useTranslations("crm");
  const restart = useRestart(onRestart);
  return (
    <div className="grid gap-3 rounded-xl bg-bad-soft p-4 text-bad">
      <p className="font-semibold break-words">{t("fileFailed", { name: report.filename })}</p>
      <p>{t("fileFailedWhy", { code: report.problem_code ?? "" })}</p>
      <Refusal failure={restart.error} />
      <Button className="w-fit" isBusy={restart.isPending} onClick={() => restart.mutate(report.id)}>
        <RotateCw size={15} aria-hidden />
        {t("readAgain")}
      </Button>
    </div>
  );
}

function useRestart(onRestart: (sent: ContactImportOut) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (importId: string) => crmRestartContactImport({ path: { import_id: importId } }),
    onSuccess: (restarted) => {
      client.setQueryData(["contact import", restarted.id], restarted);
      void client.invalidateQueries({ queryKey: ["contact imports"] });
      onRestart(restarted);
    },
  });
}

function Rejected({ importId }: { importId: string }) {
  const t = useTranslations("crm");
  const rows = useQuery({
    queryKey: ["contact import", importId, "rejected"],
    queryFn: ({ signal }) =>
      crmListContactImportRows({
        path: { import_id: importId },
        query: { outcome: "rejected", limit: REJECTED_SHOWN },
        signal,
      }),
  });
  if (rows.isError) return <Refusal failure={rows.error} />;
  return (
    <>
      <ul className="grid max-h-60 gap-1.5 overflow-auto" tabIndex={0} aria-label={t("whyRejected")}>
        {rows.data?.items.map((row) => (
          <li key={row.number} className="text-sm">
            <span className="font-medium">{t("atLine", { line: row.line })}</span>{" "}
            <span className="text-ink-2">{row.sentence}</span>
          </li>
        ))}
      </ul>
      <a href={rejectedEntriesOf(importId)} download className={`${buttonStyle()} w-fit`}>
        <Download size={15} aria-hidden />
        {t("downloadRejected")}
      </a>
      <p className="text-sm text-ink-3">{t("downloadRejectedHint")}</p>
    </>
  );
}

/** The files that were sent before, newest first; one that was not read says so. */
export function EarlierFiles({ onOpen }: { onOpen: (sent: ContactImportOut) => void }) {
  const t = useTranslations("crm");
  const format = useFormatter();
  const files = useQuery({
    queryKey: ["contact imports"],
    queryFn: ({ signal }) => crmListContactImports({ query: { limit: FILES_SHOWN }, signal }),
    refetchInterval: ({ state }) =>
      state.data?.items.some((one) => one.state === "waiting") === true ? 4 * LOOK_MS : false,
  });
  if (files.isError) return <Refusal failure={files.error} />;
  if (files.data === undefined || files.data.items.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h3 className="font-medium text-ink-2">{t("earlierFiles")}</h3>
      <ul className="max-h-72 divide-y divide-line-2 overflow-auto rounded-xl border border-line">
        {files.data.items.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
            <button
              type="button"
              className="min-h-8 min-w-0 flex-1 truncate text-start font-medium hover:underline max-sm:basis-full"
              onClick={() => onOpen(one)}
            >
              <bdi>{one.filename}</bdi>
            </button>
            <span className="tabular text-sm text-ink-3">
              {one.state === "done" &&
                t("earlierCounts", {
                  accepted: one.entries_accepted,
                  known: one.entries_known,
                  rejected: one.entries_rejected,
                })}
            </span>
            <Badge tone={TONES[one.state]}>{t("importState", { state: one.state })}</Badge>
            <time className="text-sm text-ink-3" dateTime={one.created_at}>
              {format.dateTime(new Date(one.created_at), { dateStyle: "medium", timeStyle: "short" })}
            </time>
          </li>
        ))}
      </ul>
    </section>
  );
}
