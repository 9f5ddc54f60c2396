// The pictures and files of a record: added, shown small, saved, turned, deleted; each says whether it was scanned.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FileText, RotateCw, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";

import { filesDeleteFile, filesListFiles, filesTurnFile, type FileOut } from "@/api";
import { fileContentOf, fileFormOf } from "@/addresses";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Skeleton } from "@/ui/marks";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { Scanned } from "./scanned";
import { type Owner, sendFile } from "./send";

const POLL_MS = 1500;
const MOST_MB = 50;

interface FilesOfProps {
  owner: Owner;
  mayChange: boolean;
  accept: string;
}

export function FilesOf({ owner, mayChange, accept }: FilesOfProps) {
  const t = useTranslations("files");
  const files = useQuery({
    queryKey: ["files", owner.kind, owner.id],
    queryFn: ({ signal }) =>
      filesListFiles({ query: { owner_kind: owner.kind, owner_id: owner.id }, signal }),
    // What is scanned, or made smaller, becomes ready by itself.
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) === true ? POLL_MS : false),
  });
  return (
    <section aria-label={t("title")} className="grid gap-3">
      <h3 className="font-semibold">{t("title")}</h3>
      {files.isError ? (
        <ErrorState failure={files.error} onRetry={() => void files.refetch()} />
      ) : files.isPending ? (
        <Skeleton className="h-16" />
      ) : files.data.items.length === 0 ? (
        <p className="text-ink-2">{t("none")}</p>
      ) : (
        <ul className="grid gap-2">
          {files.data.items.map((file) => (
            <Row key={file.id} file={file} mayChange={mayChange} />
          ))}
        </ul>
      )}
      {mayChange && <Adding owner={owner} accept={accept} />}
    </section>
  );
}

function isUnderWay(file: FileOut): boolean {
  return (
    file.state === "quarantined" || (file.state === "ready" && file.width !== null && file.forms.length === 0)
  );
}

function Adding({ owner, accept }: { owner: Owner; accept: string }) {
  const t = useTranslations("files");
  const toast = useToast();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [percent, setPercent] = useState(0);
  const send = useMutation({
    mutationFn: (file: File) => sendFile(owner, file, setPercent),
    onSuccess: (file) =>
      file.reason === null
        ? toast(t("added", { name: file.filename }))
        : toast(t(`reasons.${file.reason}`), "bad"),
    onSettled: () => client.invalidateQueries({ queryKey: ["files", owner.kind, owner.id] }),
  });
  return (
    <div className="grid justify-items-start gap-1.5">
      <input
        ref={input}
        type="file"
        accept={accept}
        className="sr-only"
        aria-label={t("add")}
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file === undefined) return;
          setPercent(0);
          send.mutate(file);
        }}
      />
      <Button isBusy={send.isPending} onClick={() => input.current?.click()}>
        {t("add")}
      </Button>
      <p className="text-sm text-ink-2" role="status">
        {send.isPending
          ? t("sending", { name: send.variables.name, percent })
          : t("allowed", { mb: MOST_MB })}
      </p>
      {send.isError && <Refusal failure={send.error} />}
    </div>
  );
}

function Row({ file, mayChange }: { file: FileOut; mayChange: boolean }) {
  const t = useTranslations("files");
  const toast = useToast();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const look = () => client.invalidateQueries({ queryKey: ["files", file.owner_kind, file.owner_id] });
  const turn = useMutation({
    mutationFn: () => filesTurnFile({ path: { file_id: file.id }, query: { degrees: 90 } }),
    onSettled: look,
  });
  const remove = useMutation({
    mutationFn: () => filesDeleteFile({ path: { file_id: file.id } }),
    onSuccess: () => toast(t("removed", { name: file.filename })),
    onSettled: look,
  });
  const isPicture = file.width !== null && file.state === "ready";
  return (
    <li className="flex items-center gap-3">
      <Preview file={file} />
      <div className="grid min-w-0 flex-1">
        {file.state === "ready" ? (
          <a
            className="truncate underline"
            href={fileContentOf(file.id)}
            download={file.filename}
            aria-label={t("open", { name: file.filename })}
          >
            {file.filename}
          </a>
        ) : (
          <span className="truncate">{file.filename}</span>
        )}
        <Standing file={file} />
        {(turn.isError || remove.isError) && <Refusal failure={turn.error ?? remove.error} />}
      </div>
      {mayChange && isPicture && (
        <IconButton
          label={t("turn", { name: file.filename })}
          disabled={turn.isPending}
          onClick={() => turn.mutate()}
        >
          <RotateCw aria-hidden className="size-4" />
        </IconButton>
      )}
      {mayChange && (
        <IconButton label={t("remove", { name: file.filename })} onClick={() => setAsking(true)}>
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      )}
      <Dialog title={t("removeTitle")} isOpen={isAsking} onClose={() => setAsking(false)} size="sm">
        <div className="grid gap-4">
          <p>{t("removeHint", { name: file.filename })}</p>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsking(false)}>{t("cancel")}</Button>
            <Button kind="danger" isBusy={remove.isPending} onClick={() => remove.mutate()}>
              {t("removeNow")}
            </Button>
          </div>
        </div>
      </Dialog>
    </li>
  );
}

function Preview({ file }: { file: FileOut }) {
  const form = file.forms.find((one) => one.name === "thumbnail");
  return form === undefined ? (
    <span className="grid size-16 shrink-0 place-items-center rounded-lg bg-line-2 text-ink-2">
      <FileText aria-hidden className="size-6" />
    </span>
  ) : (
    <img
      // Another turn is another address: browsers keep what they have shown.
      src={fileFormOf(file.id, "thumbnail", file.turn)}
      alt={file.filename}
      width={form.width}
      height={form.height}
      className="size-16 shrink-0 rounded-lg bg-line-2 object-contain"
    />
  );
}

/** What is to be known of a file, in words: why it is not given out, and whether anybody looked for viruses. */
function Standing({ file }: { file: FileOut }) {
  const t = useTranslations("files");
  if (file.is_missing) return <span className="text-sm text-bad">{t("isMissing")}</span>;
  if (file.reason !== null) return <span className="text-sm text-bad">{t(`reasons.${file.reason}`)}</span>;
  if (file.state !== "ready") return <span className="text-sm text-ink-2">{t(`states.${file.state}`)}</span>;
  return <Scanned scan={file.scan} />;
}
