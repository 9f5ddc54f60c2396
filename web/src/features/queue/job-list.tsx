// The jobs in one state, the newest first; those that failed or were cancelled can be picked and dealt with together.
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { JobOut } from "@/api";
import { useSession } from "@/app/session";
import { Button } from "@/ui/button";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { EmptyState, ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { useActOnMany, useJobs } from "./queries";
import { HowFar } from "./progress";
import type { State } from "./search";
import { useNames } from "./words";

interface JobListProps {
  state: State;
  selected: number | undefined;
  onOpen: (id: number) => void;
}

export function JobList({ state, selected, onOpen }: JobListProps) {
  const t = useTranslations("queue");
  const names = useNames();
  const { may } = useSession();
  const jobs = useJobs(state);
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const columns = useColumns(state);
  const rows = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  if (jobs.isError) return <ErrorState failure={jobs.error} onRetry={() => void jobs.refetch()} />;
  if (jobs.isPending) return <SkeletonRows />;
  if (rows.length === 0)
    return <EmptyState title={t("none", { state })}>{t("noneHint", { state })}</EmptyState>;
  const canManage = may("queue.manage");
  const chosen = rows.filter((job) => picked.has(job.id));
  const pick = (some: readonly JobOut[], isPicked: boolean) =>
    setPicked((present) => {
      const next = new Set(present);
      for (const job of some)
        if (isPicked) next.add(job.id);
        else next.delete(job.id);
      return next;
    });
  return (
    <>
      {chosen.length > 0 && <Bulk jobs={chosen} onDone={() => setPicked(new Set())} />}
      <ListTable
        label={t("view", { state })}
        columns={columns}
        rows={rows}
        keyOf={(job) => String(job.id)}
        selected={selected === undefined ? undefined : String(selected)}
        {...(canManage ? { onOpen: (job: JobOut) => onOpen(job.id) } : {})}
        picking={
          canManage && (state === "failed" || state === "cancelled")
            ? {
                isPicked: (job) => picked.has(job.id),
                onPick: pick,
                label: (job) => t("pick", { name: names(job.name) }),
                allLabel: t("pickAll"),
              }
            : undefined
        }
      />
      <NextPage
        hasMore={jobs.hasNextPage}
        isLoading={jobs.isFetchingNextPage}
        onMore={() => void jobs.fetchNextPage()}
      />
    </>
  );
}

function Bulk({ jobs, onDone }: { jobs: readonly JobOut[]; onDone: () => void }) {
  const t = useTranslations("queue");
  const toast = useToast();
  const many = useActOnMany();
  const able = (act: "retry" | "discard") => jobs.filter((job) => job.can.includes(act)).map((job) => job.id);
  const act = (what: "retry" | "discard") =>
    many.mutate(
      { ids: able(what), act: what },
      {
        onSuccess: (done) => {
          toast(t(what === "retry" ? "retriedMany" : "discardedMany", { count: done }));
          onDone();
        },
      },
    );
  const repeatable = able("retry").length;
  return (
    <div className="flex flex-wrap items-center gap-3 border-y border-line bg-accent-soft px-6 py-2">
      <span className="font-medium">{t("picked", { count: jobs.length })}</span>
      <Button isBusy={many.isPending} disabled={repeatable === 0} onClick={() => act("retry")}>
        {t("retryMany", { count: repeatable })}
      </Button>
      <Button kind="danger" isBusy={many.isPending} onClick={() => act("discard")}>
        {t("discardMany", { count: able("discard").length })}
      </Button>
      <Refusal failure={many.error} />
    </div>
  );
}

function useColumns(state: State): Column<JobOut>[] {
  const t = useTranslations("queue");
  const names = useNames();
  const moment = useMoment();
  const at = (value: string | null) => (
    <span className="tabular whitespace-nowrap text-ink-2">{value === null ? "—" : moment(value)}</span>
  );
  return [
    {
      key: "name",
      title: t("job"),
      cell: (job) => (
        <>
          <span className="font-medium">{names(job.name)}</span>
          <HowFar job={job} />
          {job.error !== null && (
            <span className="block text-sm break-words text-ink-2" translate="no">
              {job.reason ?? job.error}
            </span>
          )}
        </>
      ),
    },
    { key: "wanted", title: t("wanted"), cell: (job) => at(job.happened_at ?? job.moment) },
    { key: "tries", title: t("tries"), isNumber: true, cell: (job) => triesOf(job) },
    {
      key: "failed",
      title: t("lastFailed"),
      isHidden: state === "waiting",
      cell: (job) => at(job.failed_at),
    },
    { key: "due", title: t("due"), isHidden: state !== "retrying", cell: (job) => at(job.due_at) },
  ];
}

function triesOf(job: JobOut): string {
  return job.tries === null ? String(job.attempts) : `${job.attempts} / ${job.tries}`;
}
