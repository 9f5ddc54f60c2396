// One line on how the queue stands: whether somebody works, and since when the oldest job waits.
import { useFormatter, useTranslations } from "use-intl";

import type { StandingOut } from "@/api";
import { Skeleton } from "@/ui/marks";

// A worker says every two seconds that it lives.
const SILENT_MS = 15_000;
// What waits longer than this, with workers there, is worth a word.
const LONG_MS = 60_000;

interface StandingProps {
  standing: StandingOut | undefined;
  /** When the program was asked, in milliseconds. */
  now: number;
}

export function Standing({ standing, now }: StandingProps) {
  const t = useTranslations("queue");
  const format = useFormatter();
  if (standing === undefined) return <Skeleton className="mx-6 mb-3 w-64" />;
  const working = standing.workers.filter((one) => now - Date.parse(one.last_heartbeat) < SILENT_MS);
  const since = standing.waiting_since;
  const isLate = since !== null && now - Date.parse(since) > LONG_MS;
  return (
    <p className={`px-6 pb-3 ${working.length === 0 ? "text-bad" : "text-ink-2"}`}>
      {[
        t("workers", { count: working.length }),
        ...(isLate ? [t("waitingSince", { ago: format.relativeTime(new Date(since), now) })] : []),
      ].join(" ")}
    </p>
  );
}
