// What is being tried: how far it is, who met what, and what can be said of it, which is nothing before its size is reached.
import { useTranslations } from "use-intl";

import type { ExperimentOut } from "@/api";
import { useSession } from "@/app/session";
import { Button } from "@/ui/button";
import { Badge, SkeletonRows, type Tone } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Card } from "@/ui/page";
import { EmptyState, ErrorState, Refusal } from "@/ui/states";
import { useToast } from "@/ui/toast";

import { end, start, useAct, useExperiments } from "./queries";
import { useSaid } from "./said";

const TONES: Record<ExperimentOut["state"], Tone> = {
  not_started: "plain",
  not_yet: "accent",
  uneven: "bad",
  no_difference: "plain",
  winner: "ok",
};

export function Experiments() {
  const t = useTranslations("flags");
  const experiments = useExperiments();
  if (experiments.isError)
    return <ErrorState failure={experiments.error} onRetry={() => void experiments.refetch()} />;
  if (experiments.isPending) return <SkeletonRows rows={3} />;
  if (experiments.data.items.length === 0)
    return <EmptyState title={t("noExperiments")}>{t("noExperimentsHint")}</EmptyState>;
  return (
    <div className="grid max-w-3xl gap-4 px-6 pb-6">
      {experiments.data.items.map((experiment) => (
        <OneExperiment key={experiment.key} experiment={experiment} />
      ))}
    </div>
  );
}

function OneExperiment({ experiment }: { experiment: ExperimentOut }) {
  const t = useTranslations("flags");
  const said = useSaid();
  const moment = useMoment();
  const { may } = useSession();
  const { state, seen, size, winner } = experiment;
  return (
    <Card title={said(experiment.says)}>
      <div className="grid gap-3">
        <p className="flex flex-wrap items-center gap-2">
          <Badge tone={TONES[state]}>{t("state", { state, seen, size, winner: winner ?? "" })}</Badge>
          <code className="text-ink-3" translate="no">
            {experiment.key}
          </code>
        </p>
        <p className="text-ink-2">
          {t("plan", {
            measure: experiment.measure,
            baseline: experiment.baseline,
            effect: experiment.effect,
            size,
          })}
        </p>
        {experiment.ended_at !== null ? (
          <p>{t("ended", { at: moment(experiment.ended_at), kept: experiment.kept ?? "" })}</p>
        ) : (
          experiment.started_at !== null && <p>{t("startedAt", { at: moment(experiment.started_at) })}</p>
        )}
        <Figures experiment={experiment} />
        {may("flags.write") && <Acts experiment={experiment} />}
      </div>
    </Card>
  );
}

function Figures({ experiment }: { experiment: ExperimentOut }) {
  const t = useTranslations("flags");
  if (experiment.state === "not_started") return null;
  return (
    <>
      <ul className="grid gap-1">
        {experiment.samples.map((sample) => (
          <li key={sample.variant} className="flex justify-between gap-3 border-b border-line-2 py-1">
            <span>{sample.variant}</span>
            <span className="tabular text-ink-2">{t("exposed", { count: sample.exposed })}</span>
          </li>
        ))}
      </ul>
      {experiment.state === "not_yet" && <p className="text-sm text-ink-2">{t("tooEarly")}</p>}
      {experiment.state === "uneven" && <p className="text-bad">{t("unevenHint")}</p>}
      {experiment.differences.map((each) => (
        <p key={each.variant} className="tabular">
          {t("difference", { ...each })}
        </p>
      ))}
    </>
  );
}

function Acts({ experiment }: { experiment: ExperimentOut }) {
  const t = useTranslations("flags");
  const toast = useToast();
  const begin = useAct(start);
  const finish = useAct(end);
  if (experiment.ended_at !== null) return null;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        {experiment.started_at === null ? (
          <Button
            isBusy={begin.isPending}
            onClick={() => begin.mutate(experiment.key, { onSuccess: () => toast(t("began")) })}
          >
            {t("start")}
          </Button>
        ) : (
          experiment.variants.map((variant) => (
            <Button
              key={variant}
              isBusy={finish.isPending}
              onClick={() =>
                finish.mutate(
                  { key: experiment.key, kept: variant },
                  { onSuccess: () => toast(t("isEnded")) },
                )
              }
            >
              {t("end", { variant })}
            </Button>
          ))
        )}
      </div>
      <Refusal failure={begin.error ?? finish.error} />
    </div>
  );
}
