// The work in the background: what failed for good and has to be looked at, what waits and runs, and the schedules.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { Chip, Dot } from "@/ui/marks";
import { Page } from "@/ui/page";

import { JobList } from "./job-list";
import { JobPanel } from "./job-panel";
import { useStanding } from "./queries";
import { Schedules } from "./schedules";
import { jobOf, type QueueSearch, SCHEDULES, stateOf, STATES } from "./search";
import { Standing } from "./standing";

export function QueuePage() {
  const t = useTranslations("queue");
  const search = useSearch({ from: "/guarded/shell/settings/queue" });
  const navigate = useNavigate({ from: "/settings/queue" });
  const standing = useStanding();
  const view = stateOf(search);
  const open = jobOf(search);
  const go = (next: QueueSearch) => void navigate({ search: next });
  return (
    <Page
      title={t("title")}
      panel={open !== undefined && <JobPanel key={open} id={open} onClose={() => go({ state: view })} />}
    >
      <nav aria-label={t("views")} className="flex flex-wrap items-center gap-2 px-6 py-3">
        {STATES.map((state) => (
          <Chip key={state} isOn={view === state} onClick={() => go({ state })}>
            {state === "failed" && (standing.data?.failed ?? 0) > 0 && (
              <span className="text-bad">
                <Dot />
              </span>
            )}
            {t("view", { state })}
            {state !== "cancelled" && standing.data !== undefined && (
              <span className="tabular text-ink-3">{standing.data[state]}</span>
            )}
          </Chip>
        ))}
        <Chip isOn={view === SCHEDULES} onClick={() => go({ state: SCHEDULES })}>
          {t("schedules")}
        </Chip>
      </nav>
      <Standing standing={standing.data} now={standing.dataUpdatedAt} />
      {view === SCHEDULES ? (
        <Schedules />
      ) : (
        <JobList
          key={view}
          state={view}
          selected={open}
          onOpen={(id) => go({ state: view, job: String(id) })}
        />
      )}
    </Page>
  );
}
