// How far a job has come, where it says so: a bar where the whole is known, the number alone where it is not.
import { useTranslations } from "use-intl";

import type { JobOut } from "@/api";

export function HowFar({ job }: { job: JobOut }) {
  const t = useTranslations("queue");
  const { progress_done: done, progress_total: total } = job;
  if (done === null) return null;
  const label = total === null ? t("soFar", { done }) : t("howFar", { done, total });
  return (
    <span className="mt-1 grid max-w-72 gap-1 text-sm text-ink-2">
      <span className="tabular">{label}</span>
      {total !== null && (
        <progress
          aria-label={label}
          className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-line-2 [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line-2 [&::-webkit-progress-value]:bg-accent"
          max={Math.max(total, 1)}
          value={Math.min(done, Math.max(total, 1))}
        />
      )}
    </span>
  );
}
