// Taking contacts in from a file of another program: choose it, look at what would come of it, send it.
import { useQueryClient } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { ContactImportOut } from "@/api";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

import { EarlierFiles, Outcome } from "./import-outcome";
import { ImportPreview } from "./import-preview";
import { refresh } from "./queries";

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("crm");
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [sent, setSent] = useState<ContactImportOut | null>(null);
  const take = (files: FileList | null) => {
    const first = files?.[0];
    if (first === undefined) return;
    setSent(null);
    setFile(first);
  };
  return (
    <Dialog title={t("import")} isOpen onClose={onClose} size="lg">
      <div className="grid gap-5">
        {file !== null && sent === null ? (
          <ImportPreview
            key={`${file.name} ${file.size} ${file.lastModified}`}
            file={file}
            onSent={setSent}
            onBack={() => setFile(null)}
          />
        ) : (
          <>
            {sent === null && <p className="text-ink-2">{t("importHint")}</p>}
            {sent !== null && (
              <Outcome key={sent.id} sent={sent} onDone={() => void refresh(client)} onRestart={setSent} />
            )}
            <FileField onFiles={take} isAnother={sent !== null} />
            <EarlierFiles onOpen={setSent} />
          </>
        )}
        {sent !== null && (
          <div className="flex justify-end">
            <Button kind="primary" onClick={onClose}>
              {t("finish")}
            </Button>
          </div>
        )}
      </div>
    </Dialog>
  );
}

interface FileFieldProps {
  isAnother: boolean;
  onFiles: (files: FileList | null) => void;
}

function FileField({ isAnother, onFiles }: FileFieldProps) {
  const t = useTranslations("crm");
  return (
    <label
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onFiles(event.dataTransfer.files);
      }}
      className={`grid cursor-pointer justify-items-center gap-2 rounded-xl border-2 border-dashed border-edge text-center focus-within:border-accent ${isAnother ? "p-3" : "p-6"}`}
    >
      <FileUp size={isAnother ? 18 : 26} aria-hidden className="text-accent" />
      <span className={isAnother ? "" : "text-lg"}>{t(isAnother ? "dropAnother" : "drop")}</span>
      <input
        type="file"
        aria-label={t("chooseFile")}
        className="sr-only"
        accept=".vcf,.vcard,.csv,.txt,.tsv,text/vcard,text/csv,text/plain"
        onChange={(event) => {
          onFiles(event.target.files);
          event.target.value = "";
        }}
      />
    </label>
  );
}
