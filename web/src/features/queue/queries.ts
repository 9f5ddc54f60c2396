// The work in the background as the program tells it; looked at again every few seconds, because it goes on by itself.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";

import {
  queueCancelJob,
  queueChangeJobs,
  queueDiscardJob,
  queueListJobs,
  queueListSchedules,
  queueReadJob,
  queueReadStanding,
  queueRetryJob,
  queueRunSchedule,
} from "@/api";
import { inParts } from "@/ui/bulk";

import type { State } from "./search";

const KEY = "queue";
const AGAIN_MS = 5000;
const FIRST: string | null = null;

export function useStanding(isWatched = true) {
  return useQuery({
    queryKey: [KEY, "standing"],
    queryFn: ({ signal }) => queueReadStanding({ signal }),
    refetchInterval: isWatched && AGAIN_MS,
  });
}

export function useJobs(state: State) {
  return useInfiniteQuery({
    queryKey: [KEY, "jobs", state],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      queueListJobs({ query: { state, cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
}

export function useJob(id: number) {
  return useQuery({
    queryKey: [KEY, "job", id],
    queryFn: ({ signal }) => queueReadJob({ path: { job_id: id }, signal }),
    refetchInterval: AGAIN_MS,
  });
}

export function useSchedules() {
  return useQuery({
    queryKey: [KEY, "schedules"],
    queryFn: ({ signal }) => queueListSchedules({ signal }),
    refetchInterval: AGAIN_MS,
  });
}

const ACTS = { retry: queueRetryJob, cancel: queueCancelJob, discard: queueDiscardJob };

/** Do something with one job; `onDone` is told, whatever is on the screen by then. */
export function useAct(onDone: (act: keyof typeof ACTS) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, act }: { id: number; act: keyof typeof ACTS }) => ACTS[act]({ path: { job_id: id } }),
    onSuccess: (_, { act }) => onDone(act),
    // A job that was discarded is not asked for again: it is gone, and the panel that shows it closes.
    onSettled: (_, failure, { id, act }) =>
      client.invalidateQueries({
        queryKey: [KEY],
        predicate: ({ queryKey: [, what, of] }) =>
          failure !== null || act !== "discard" || what !== "job" || of !== id,
      }),
  });
}

/** Do something with many jobs; gives what became of each. */
export function useActOnMany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ ids, act }: { ids: readonly number[]; act: keyof typeof ACTS }) =>
      inParts(
        ids.map((id) => ({ id })),
        (items) => queueChangeJobs({ body: { change: { kind: act }, items } }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

export function useRunNow() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => queueRunSchedule({ path: { name } }),
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}
