// One job beside the list: what it is about, how its tries failed, and what can be done about it.
import { Link } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import type { FailureOut, JobDetailOut } from "@/api";
import { Button, buttonStyle } from "@/ui/button";
import { Badge, SkeletonRows, type Tone } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { SidePanel } from "@/ui/page";
import { ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { useAct, useJob } from "./queries";
import { HowFar } from "./progress";
import { useNames } from "./words";

const TONES: Record<JobDetailOut["state"], Tone> = {
  waiting: "plain",
  retrying: "warn",
  running: "accent",
  cancelling: "warn",
  failed: "bad",
  cancelled: "plain",
  done: "ok",
};

export function JobPanel({ id, onClose }: { id: number; onClose: () => void }) {
  const t = useTranslations("queue");
  const names = useNames();
  const job = useJob(id);
  return (
    <SidePanel
      label={job.data === undefined ? t("job") : names(job.data.name)}
      kicker={t("number", { id })}
      onClose={onClose}
    >
      {job.isError ? (
        <ErrorState failure={job.error} onRetry={() => void job.refetch()} />
      ) : job.isPending ? (
        <SkeletonRows />
      ) : (
        <Details job={job.data} onGone={onClose} />
      )}
    </SidePanel>
  );
}

function Details({ job, onGone }: { job: JobDetailOut; onGone: () => void }) {
  const t = useTranslations("queue");
  const moment = useMoment();
  const payload = Object.entries(job.payload);
  const wanted = job.happened_at ?? job.moment;
  const facts = [
    [t("wanted"), wanted === null ? "—" : moment(wanted)],
    [
      t("triesLong"),
      job.tries === null ? String(job.attempts) : t("triesOf", { done: job.attempts, all: job.tries }),
    ],
    ...(job.due_at === null ? [] : ([[t("due"), moment(job.due_at)]] as const)),
    ...(job.event_name === null ? [] : ([[t("event"), job.event_name]] as const)),
    ...(job.request_id === null ? [] : ([[t("request"), job.request_id]] as const)),
  ] as const;
  return (
    <div className="grid gap-4">
      <p className="flex flex-wrap gap-2">
        <Badge tone={TONES[job.state]}>{t("state", { state: job.state })}</Badge>
        <code className="text-ink-3" translate="no">
          {job.name}
        </code>
      </p>
      <HowFar job={job} />
      <Acts job={job} onGone={onGone} />
      <Facts facts={facts} />
      {payload.length > 0 && (
        <section aria-label={t("about")} className="grid gap-2">
          <h3 className="text-sm font-medium text-ink-2">{t("about")}</h3>
          <div translate="no">
            <Facts facts={payload.map(([name, value]) => [name, told(value)] as const)} />
          </div>
        </section>
      )}
      <Failures failures={job.failures} />
    </div>
  );
}

function Acts({ job, onGone }: { job: JobDetailOut; onGone: () => void }) {
  const t = useTranslations("queue");
  const toast = useToast();
  const act = useAct((what) => {
    toast(t("did", { act: what }));
    if (what === "discard") onGone();
  });
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        {job.can.map((what) => (
          <Button
            key={what}
            size="lg"
            kind={what === "retry" ? "primary" : what === "discard" ? "danger" : "plain"}
            isBusy={act.isPending}
            onClick={() => act.mutate({ id: job.id, act: what })}
          >
            {t("act", { act: what })}
          </Button>
        ))}
      </div>
      {job.state === "failed" && !job.can.includes("retry") && (
        <p className="text-sm text-ink-2">{t(job.tries === null ? "unknownJob" : "startElsewhere")}</p>
      )}
      <Refusal failure={act.error} />
    </div>
  );
}

function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl className="grid grid-cols-[7rem_minmax(0,1fr)] gap-y-2">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="break-words text-ink-2">{label}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Failures({ failures }: { failures: readonly FailureOut[] }) {
  const t = useTranslations("queue");
  const moment = useMoment();
  if (failures.length === 0) return null;
  return (
    <section aria-label={t("failures")} className="grid gap-3">
      <h3 className="text-sm font-medium text-ink-2">{t("failures")}</h3>
      {failures.map((failure) => (
        <details key={failure.attempt} className="rounded-lg border border-line px-3 py-2">
          <summary className="cursor-pointer">
            <span className="text-ink-2">
              {t("try", { number: failure.attempt, at: moment(failure.failed_at) })}
            </span>
            <span className="block font-medium break-words" translate="no">
              {failure.reason ?? failure.error}
            </span>
          </summary>
          <p className="mt-2 text-sm text-ink-2">{t("took", { ms: failure.duration_ms })}</p>
          <pre
            translate="no"
            tabIndex={0}
            className="mt-2 overflow-x-auto rounded bg-line-2 p-2 text-xs leading-5"
          >
            {[failure.error, failure.stack].filter((part) => part !== "").join("\n")}
          </pre>
        </details>
      ))}
      <Link to="/settings/audit" search={{ type: "queue.job" }} className={buttonStyle("quiet")}>
        {t("onRecord")}
      </Link>
    </section>
  );
}

function told(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
