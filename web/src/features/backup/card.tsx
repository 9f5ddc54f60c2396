// How backups stand, what was made, and having one made now.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";

import { type BackupOut, type BackupsOut, backupListBackups, backupMakeBackup } from "@/api";
import { newId } from "@/ids";
import { Button } from "@/ui/button";
import { Badge, SkeletonRows, type Tone } from "@/ui/marks";
import { Card } from "@/ui/page";
import { ErrorState } from "@/ui/states";
import { useToast } from "@/ui/toast";

export const KEY = ["backups"];
const MEGABYTE = 1024 * 1024;
const TONES: Record<BackupOut["state"], Tone> = {
  making: "warn",
  verified: "ok",
  unverified: "warn",
  broken: "bad",
  failed: "bad",
};
// While one is made, the list is read again so often (milliseconds).
const PAUSE = 2000;

function useMoment() {
  const format = useFormatter();
  return (at: string) => format.dateTime(new Date(at), { dateStyle: "medium", timeStyle: "short" });
}

export function BackupCard() {
  const t = useTranslations("backup");
  const backups = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => backupListBackups({ query: { limit: 50 }, signal }),
    refetchInterval: ({ state }) => (isMaking(state.data) ? PAUSE : false),
  });
  return (
    <Card title={t("title")}>
      {backups.isError ? (
        <ErrorState failure={backups.error} onRetry={() => void backups.refetch()} />
      ) : backups.isPending ? (
        <SkeletonRows rows={2} />
      ) : (
        <Standing backups={backups.data} />
      )}
    </Card>
  );
}

function isMaking(backups: BackupsOut | undefined): boolean {
  return backups?.items.some((one) => one.state === "making") ?? false;
}

function Standing({ backups }: { backups: BackupsOut }) {
  const t = useTranslations("backup");
  const moment = useMoment();
  const toast = useToast();
  const client = useQueryClient();
  const [isListed, setListed] = useState(false);
  const { status } = backups;
  const make = useMutation({
    mutationFn: () => backupMakeBackup({ body: { id: newId() } }),
    onSuccess: async () => {
      toast(t("asked"));
      setListed(true);
      await client.invalidateQueries({ queryKey: KEY });
    },
  });
  return (
    <div className="grid gap-3">
      {status.alarm_since !== null && (
        <p role="alert" className="text-bad">
          {t("alarm", { at: moment(status.alarm_since) })}
        </p>
      )}
      <p>{status.verified_at === null ? t("never") : t("verified", { at: moment(status.verified_at) })}</p>
      <p className="text-ink-2">
        {[
          t("rule", { scheduled: String(status.is_scheduled), hours: status.max_age_hours }),
          t("encryption", { encrypted: String(status.is_encrypted) }),
        ].join(" ")}
      </p>
      <div className="flex flex-wrap items-center gap-3">
        <Button isBusy={make.isPending || isMaking(backups)} onClick={() => make.mutate()}>
          {t("make")}
        </Button>
        {!isListed && <Button onClick={() => setListed(true)}>{t("showAll")}</Button>}
      </div>
      {isListed && <List backups={backups.items} />}
    </div>
  );
}

export function List({ backups }: { backups: BackupOut[] }) {
  const t = useTranslations("backup");
  if (backups.length === 0) return <p className="text-ink-2">{t("none")}</p>;
  return (
    <ul className="grid gap-2">
      {backups.map((one) => (
        <Backup key={one.id} backup={one} />
      ))}
    </ul>
  );
}

function Backup({ backup }: { backup: BackupOut }) {
  const t = useTranslations("backup");
  const format = useFormatter();
  const moment = useMoment();
  const isGone = backup.removed_at !== null;
  return (
    <li className="grid gap-1 border-t border-line-2 pt-2">
      <div className="flex flex-wrap items-center gap-3">
        <Badge tone={isGone ? "plain" : TONES[backup.state]}>
          {isGone ? t("removed") : t("state", { state: backup.state })}
        </Badge>
        <span className="min-w-0 flex-1">{moment(backup.started_at)}</span>
        <span className="text-ink-2">{t("kind", { kind: backup.kind })}</span>
        {backup.size_bytes !== null && (
          <span className="text-ink-2 tabular-nums">
            {t("size", {
              size: format.number(backup.size_bytes / MEGABYTE, { maximumFractionDigits: 1 }),
            })}
          </span>
        )}
      </div>
      {backup.reason !== null && <p className="text-sm break-words text-ink-2">{backup.reason}</p>}
    </li>
  );
}
