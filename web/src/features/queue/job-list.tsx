// The jobs in one state, the newest first; they can be picked and dealt with together.
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { JobOut } from "@/api";
import { useSession } from "@/app/session";
import { kept, pick, type Picks } from "@/ui/bulk";
import { BulkBar, useBulk } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { EmptyState, ErrorState } from "@/ui/states";

import { useActOnMany, useJobs } from "./queries";
import { HowFar } from "./progress";
import type { State } from "./search";
import { useNames } from "./words";

type Act = JobOut["can"][number];
type SetPicks = (picks: Picks<number>) => void;
const ACTS: readonly Act[] = ["retry", "cancel", "discard"];

interface JobListProps {
  state: State;
  selected: number | undefined;
  onOpen: (id: number) => void;
}

export function JobList({ state, selected, onOpen }: JobListProps) {
  const t = useTranslations("queue");
  const names = useNames();
  const bulk = useTranslations("bulk");
  const { may } = useSession();
  const jobs = useJobs(state);
  const [picks, setPicks] = useState<Picks<number>>(new Map());
  const columns = useColumns(state);
  const rows = jobs.data?.pages.flatMap((page) => page.items) ?? [];
  if (jobs.isError) return <ErrorState failure={jobs.error} onRetry={() => void jobs.refetch()} />;
  if (jobs.isPending) return <SkeletonRows />;
  if (rows.length === 0)
    return <EmptyState title={t("none", { state })}>{t("noneHint", { state })}</EmptyState>;
  const canManage = may("queue.manage");
  const asPick = ({ id, name }: JobOut) => ({ id, name: names(name), version: 0 });
  return (
    <>
      <ListTable
        label={t("view", { state })}
        columns={columns}
        rows={rows}
        keyOf={(job) => String(job.id)}
        selected={selected === undefined ? undefined : String(selected)}
        {...(canManage ? { onOpen: (job: JobOut) => onOpen(job.id) } : {})}
        picking={
          canManage
            ? {
                isPicked: (job) => picks.has(job.id),
                onPick: (some, isPicked) => setPicks(pick(picks, some.map(asPick), isPicked)),
                label: (job) => bulk("pick", { name: names(job.name) }),
                allLabel: bulk("pickAll"),
              }
            : undefined
        }
      />
      <NextPage
        hasMore={jobs.hasNextPage}
        isLoading={jobs.isFetchingNextPage}
        onMore={() => void jobs.fetchNextPage()}
      />
      {/* A job that is in another state by now is not in this list any more. */}
      <JobsBar jobs={rows} picks={kept(picks, rows)} onPicks={setPicks} />
    </>
  );
}

function JobsBar({
  jobs,
  picks,
  onPicks,
}: {
  jobs: readonly JobOut[];
  picks: Picks<number>;
  onPicks: SetPicks;
}) {
  const t = useTranslations("queue");
  const { bar, forget, tell } = useBulk(picks, onPicks);
  const many = useActOnMany();
  const able = (act: Act) =>
    jobs.filter((job) => picks.has(job.id) && job.can.includes(act)).map((job) => job.id);
  const act = (what: Act) => {
    forget();
    many.mutate(
      { ids: able(what), act: what },
      {
        onSuccess: (items) => {
          tell(items);
          onPicks(new Map());
        },
      },
    );
  };
  const acts = ACTS.map((what) => ({ what, count: able(what).length })).filter(({ count }) => count > 0);
  return (
    <BulkBar {...bar} isBusy={many.isPending} failure={many.error}>
      {acts.map(({ what, count }) => (
        <Button key={what} kind={what === "retry" ? "plain" : "danger"} onClick={() => act(what)}>
          {t("many", { act: what, count })}
        </Button>
      ))}
    </BulkBar>
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
