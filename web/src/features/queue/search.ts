// What of the work in the background is looked at, as the URL keeps it.
import type { QueueListJobsData } from "@/api";

export type State = NonNullable<NonNullable<QueueListJobsData["query"]>["state"]>;

export interface QueueSearch {
  state?: string;
  job?: string;
}

/** What failed for good comes first: it is what somebody has to look at. */
export const STATES: readonly State[] = ["failed", "waiting", "retrying", "running", "cancelled"];

export const SCHEDULES = "schedules";

/** Return the state whose jobs are listed; the schedules are a list of their own. */
export function stateOf(search: QueueSearch): State | typeof SCHEDULES {
  if (search.state === SCHEDULES) return SCHEDULES;
  return STATES.find((state) => state === search.state) ?? "failed";
}

/** Return the number of the job that is open. */
export function jobOf(search: QueueSearch): number | undefined {
  const id = Number(search.job);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
