// Taking contacts in from a file of another program, and what came of each of its entries.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";

import {
  type ContactImportOut,
  crmGetContactImport,
  crmImportContacts,
  crmListContactImportRows,
} from "@/api";
import { newId } from "@/ids";
import { Dialog } from "@/ui/dialog";
import { Refusal } from "@/ui/states";

const LOOK_MS = 500;
const REJECTED_SHOWN = 100;

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("crm");
  const client = useQueryClient();
  const [sent, setSent] = useState<ContactImportOut | null>(null);
  const send = useMutation({
    // The program tells the forms apart by what is in the file; its name and kind are not to be relied on.
    mutationFn: (file: File) =>
      crmImportContacts({
        query: { id: newId(), filename: file.name },
        body: file,
        headers: { "Content-Type": "application/octet-stream" },
      }),
    onSuccess: setSent,
  });
  const report = useQuery({
    queryKey: ["contact import", sent?.id],
    enabled: sent !== null,
    queryFn: ({ signal }) => crmGetContactImport({ path: { import_id: sent?.id ?? "" }, signal }),
    refetchInterval: ({ state }) => (state.data?.state === "done" ? false : LOOK_MS),
  });
  const isDone = report.data?.state === "done";
  useEffect(() => {
    if (isDone) void client.invalidateQueries({ queryKey: ["contacts"] });
  }, [isDone, client]);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file !== undefined) send.mutate(file);
  };
  return (
    <Dialog title={t("import")} isOpen onClose={onClose}>
      <div className="grid gap-4">
        <p className="text-ink-2">{t("importHint")}</p>
        <Refusal failure={send.error ?? report.error} />
        <label
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            take(event.dataTransfer.files);
          }}
          className="grid cursor-pointer justify-items-center gap-2 rounded-xl border-2 border-dashed border-edge p-6 text-center focus-within:border-accent"
        >
          <FileUp size={26} aria-hidden className="text-accent" />
          <span className="text-lg">{send.isPending ? t("sendingFile") : t("drop")}</span>
          <input
            type="file"
            aria-label={t("chooseFile")}
            className="sr-only"
            accept=".vcf,.vcard,.csv,.txt,.tsv,text/vcard,text/csv,text/plain"
            onChange={(event) => {
              take(event.target.files);
              event.target.value = "";
            }}
          />
        </label>
        <div role="status">
          {sent !== null && <Outcome report={report.data ?? sent} isRepeat={sent.is_repeat === true} />}
        </div>
      </div>
    </Dialog>
  );
}

function Outcome({ report, isRepeat }: { report: ContactImportOut; isRepeat: boolean }) {
  const t = useTranslations("crm");
  if (report.state !== "done")
    return <p className="text-ink-2">{t("readingFile", { name: report.filename })}</p>;
  const figures = {
    accepted: report.entries_accepted,
    known: report.entries_known,
    rejected: report.entries_rejected,
  };
  return (
    <div className="grid gap-3">
      <p className="font-medium">
        {t(isRepeat ? "fileAgain" : "fileRead", { name: report.filename, count: report.entries_read })}
      </p>
      <dl className="grid grid-cols-3 gap-3">
        {Object.entries(figures).map(([outcome, count]) => (
          <div key={outcome} className="rounded-xl border border-line p-3">
            <dt className="text-sm text-ink-2">{t("outcome", { outcome })}</dt>
            <dd className="tabular text-2xl font-semibold">{count}</dd>
          </div>
        ))}
      </dl>
      {report.entries_rejected > 0 && <Rejected importId={report.id} />}
    </div>
  );
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
    <ul className="grid max-h-60 gap-1.5 overflow-auto">
      {rows.data?.items.map((row) => (
        <li key={row.number} className="text-sm">
          <span className="font-medium">{t("atLine", { line: row.line })}</span>{" "}
          <span className="text-ink-2">{row.sentence}</span>
        </li>
      ))}
    </ul>
  );
}
