// How the program stands: what it needs, what is promised, what fails or is slow, and what its processes take.
import { useTranslations } from "use-intl";

import type { ProgramStatusOut } from "@/api";
import { Badge, SkeletonRows } from "@/ui/marks";
import { useMoment } from "@/ui/money";
import { Card, Page } from "@/ui/page";
import { ErrorState } from "@/ui/states";

import { Background } from "./background";
import { Checks } from "./checks";
import { Objectives } from "./objectives";
import { OpenErrors } from "./open-errors";
import { Outdated } from "./outdated";
import { Processes } from "./processes";
import { useStatus } from "./queries";
import { Routes } from "./routes";
import { Samples } from "./samples";
import { TONES, verdictOf } from "./standing";

export function StatusPage() {
  const t = useTranslations("status");
  const status = useStatus();
  const verdict = status.data && verdictOf(status.data);
  return (
    <Page
      title={t("title")}
      badge={verdict && <Badge tone={TONES[verdict]}>{t("verdict", { verdict })}</Badge>}
    >
      {status.isError ? (
        <ErrorState failure={status.error} onRetry={() => void status.refetch()} />
      ) : status.isPending ? (
        <SkeletonRows />
      ) : (
        <Parts status={status.data} />
      )}
    </Page>
  );
}

function Parts({ status }: { status: ProgramStatusOut }) {
  const t = useTranslations("status");
  const moment = useMoment();
  return (
    <div className="mx-auto grid max-w-6xl grid-cols-2 gap-4 p-6 max-lg:grid-cols-[minmax(0,1fr)] max-sm:p-3">
      <p className="col-span-full text-ink-2">
        {t("since", { at: moment(status.since), promisesAt: moment(status.objectives_since) })}
      </p>
      <Objectives objectives={status.objectives} />
      <Card title={t("checks")}>
        <Checks checks={status.checks} />
      </Card>
      <div className="grid content-start gap-4">
        <Card title={t("processes")}>
          <Processes processes={status.processes} />
        </Card>
        <OpenErrors count={status.open_errors} />
        <Background />
      </div>
      <Card title={t("routes")} className="col-span-full min-w-0">
        <Routes routes={status.routes} />
      </Card>
      <Card title={t("slowRequests")} className="col-span-full min-w-0">
        <Samples label={t("slowRequests")} samples={status.slow_requests} />
      </Card>
      <Card title={t("slowStatements")} className="col-span-full min-w-0">
        <Samples label={t("slowStatements")} samples={status.slow_statements} />
      </Card>
      <Outdated />
    </div>
  );
}
