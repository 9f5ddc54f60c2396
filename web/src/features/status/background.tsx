// The work in the background and the newest backup, for those who may see them.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useFormatter, useTranslations } from "use-intl";

import { backupListBackups } from "@/api";
import { useSession } from "@/app/session";
import { useStanding } from "@/features/queue/queries";
import { buttonStyle } from "@/ui/button";
import { Badge } from "@/ui/marks";
import { Card } from "@/ui/page";

export function Background() {
  const { may } = useSession();
  return (
    <>
      {may("queue.read") && <Queue />}
      {may("backup.manage") && <Backup />}
    </>
  );
}

function Queue() {
  const t = useTranslations("status");
  const standing = useStanding();
  const { waiting = 0, running = 0, failed = 0 } = standing.data ?? {};
  return (
    <Card title={t("queue")}>
      <div className="flex flex-wrap items-center gap-3">
        <span className="flex-1">{t("jobs", { waiting, running })}</span>
        {failed > 0 && <Badge tone="bad">{t("failedJobs", { count: failed })}</Badge>}
        <Link to="/settings/queue" search={{}} className={buttonStyle()}>
          {t("look")}
        </Link>
      </div>
    </Card>
  );
}

function Backup() {
  const t = useTranslations("status");
  const format = useFormatter();
  const backups = useQuery({
    queryKey: ["backups", "newest"],
    queryFn: ({ signal }) => backupListBackups({ query: { limit: 1 }, signal }),
  });
  if (!backups.isSuccess) return null;
  const { verified_at: at, is_scheduled, max_age_hours, age_seconds } = backups.data.status;
  const isLate = is_scheduled && (age_seconds ?? 0) > max_age_hours * 3600;
  return (
    <Card title={t("backup")}>
      <p className="flex flex-wrap items-center gap-3">
        <span className="flex-1">
          {at === null
            ? t("noBackup")
            : t("backupMade", { ago: format.relativeTime(new Date(at), backups.dataUpdatedAt) })}
        </span>
        {isLate && <Badge tone="warn">{t("backupLate")}</Badge>}
      </p>
    </Card>
  );
}
