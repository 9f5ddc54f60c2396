// What the program does by itself: when next, and how it went the last time.
import { useFormatter, useTranslations } from "use-intl";

import type { ScheduleOut } from "@/api";
import { useSession } from "@/app/session";
import { Button } from "@/ui/button";
import { Badge, SkeletonRows, type Tone } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { useRunNow, useSchedules } from "./queries";
import { useNames } from "./words";

const TONES: Record<NonNullable<ScheduleOut["last_outcome"]>, Tone> = {
  done: "ok",
  retried: "warn",
  failed: "bad",
};

export function Schedules() {
  const schedules = useSchedules();
  if (schedules.isError)
    return <ErrorState failure={schedules.error} onRetry={() => void schedules.refetch()} />;
  if (schedules.isPending) return <SkeletonRows />;
  return (
    <ul className="border-t border-line">
      {schedules.data.items.map((schedule) => (
        <Schedule key={schedule.name} schedule={schedule} now={schedules.dataUpdatedAt} />
      ))}
    </ul>
  );
}

function Schedule({ schedule, now }: { schedule: ScheduleOut; now: number }) {
  const t = useTranslations("queue");
  const names = useNames();
  const moment = useMoment();
  const format = useFormatter();
  const toast = useToast();
  const { may } = useSession();
  const run = useRunNow();
  const { last_outcome: outcome, last_ended_at: endedAt } = schedule;
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-2 border-b border-line-2 px-6 py-3">
      <div className="min-w-56 flex-1">
        <p className="font-medium">{names(schedule.name)}</p>
        <p className="text-sm text-ink-3" translate="no">
          {schedule.name} · {schedule.cron}
        </p>
      </div>
      <p className="w-56 text-ink-2">
        {t("next", { at: moment(schedule.next_at) })}
        <span className="block text-sm text-ink-3">
          {schedule.is_pending ? t("isPending") : format.relativeTime(new Date(schedule.next_at), now)}
        </span>
      </p>
      <p className="w-56 text-ink-2">
        {outcome === null || endedAt === null ? (
          t("neverRun")
        ) : (
          <>
            <Badge tone={TONES[outcome]}>{t("outcome", { outcome })}</Badge>
            <span className="block text-sm text-ink-3">
              {[moment(endedAt), t("took", { ms: schedule.last_duration_ms ?? 0 })].join(" · ")}
            </span>
          </>
        )}
      </p>
      {may("queue.manage") && (
        <Button
          isBusy={run.isPending}
          onClick={() => run.mutate(schedule.name, { onSuccess: () => toast(t("willRun")) })}
        >
          {t("runNow")}
        </Button>
      )}
      <Refusal failure={run.error} />
    </li>
  );
}
