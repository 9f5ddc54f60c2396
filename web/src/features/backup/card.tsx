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

function useSize() {
  const t = useTranslations("backup");
  const format = useFormatter();
  return (bytes: number) =>
    t("size", {
      size: format.number(bytes / MEGABYTE, { maximumFractionDigits: 1, minimumFractionDigits: 1 }),
    });
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
        <Standing backups={backups.data} now={backups.dataUpdatedAt} />
      )}
    </Card>
  );
}

function isMaking(backups: BackupsOut | undefined): boolean {
  return backups?.items.some((one) => one.state === "making") ?? false;
}

/** Whether the newest verified one is too old by now, even when no worker is there to raise the alarm. */
function isLate({ is_scheduled, age_seconds, max_age_hours, alarm_since }: BackupsOut["status"]): boolean {
  return is_scheduled && (alarm_since !== null || (age_seconds ?? 0) > max_age_hours * 3600);
}

function Standing({ backups, now }: { backups: BackupsOut; now: number }) {
  const t = useTranslations("backup");
  const moment = useMoment();
  const toast = useToast();
  const client = useQueryClient();
  const { status } = backups;
  const late = isLate(status);
  // The reason stands in the list.
  const [isListed, setListed] = useState(late);
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
      <Newest backups={backups} now={now} />
      {late && (
        <p role="alert" className="text-bad">
          {t("late", { hours: status.max_age_hours })}{" "}
          {status.alarm_since !== null && t("told", { at: moment(status.alarm_since) })}
        </p>
      )}
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

/** The newest verified backup: whether it is young enough, how old and how large it is. */
function Newest({ backups, now }: { backups: BackupsOut; now: number }) {
  const t = useTranslations("backup");
  const format = useFormatter();
  const moment = useMoment();
  const size = useSize();
  const { status, items } = backups;
  if (status.verified_at === null) {
    return (
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={isLate(status) ? "bad" : "warn"}>{t("standing", { is: "none" })}</Badge>
        {t("never")}
      </p>
    );
  }
  const newest = items.find((one) => one.started_at === status.verified_at && one.state === "verified");
  const facts = [moment(status.verified_at), ...(newest?.size_bytes ? [size(newest.size_bytes)] : [])];
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Badge tone={isLate(status) ? "bad" : "ok"}>
        {t("standing", { is: isLate(status) ? "late" : "well" })}
      </Badge>
      <span>{t("newest", { ago: format.relativeTime(new Date(status.verified_at), now) })}</span>
      <span className="text-ink-2 tabular-nums">{facts.join(" · ")}</span>
    </p>
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
  const moment = useMoment();
  const size = useSize();
  const isGone = backup.removed_at !== null;
  const facts = [
    t("kind", { kind: backup.kind }),
    ...(backup.size_bytes === null ? [] : [size(backup.size_bytes)]),
  ];
  return (
    <li className="grid gap-1 border-t border-line-2 pt-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={isGone ? "plain" : TONES[backup.state]}>
          {isGone ? t("removed") : t("state", { state: backup.state })}
        </Badge>
        <span className="flex-1 whitespace-nowrap">{moment(backup.started_at)}</span>
        <span className="whitespace-nowrap text-ink-2 tabular-nums">{facts.join(" · ")}</span>
      </div>
      {backup.reason !== null && <p className="text-sm break-words text-ink-2">{backup.reason}</p>}
    </li>
  );
}
