// The program's errors as it tells of them; looked at again every few seconds, because they come by themselves.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";

import {
  operationsChangeErrors,
  operationsIgnoreError,
  operationsListErrors,
  operationsReadError,
  operationsReopenError,
  operationsResolveError,
} from "@/api";
import { inParts, type Picks } from "@/ui/bulk";

import type { Role, State } from "./search";

const KEY = "errors";
const AGAIN_MS = 10_000;
const FIRST: string | null = null;

export function useErrors(state: State, role: Role | undefined) {
  return useInfiniteQuery({
    queryKey: [KEY, "list", state, role],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      operationsListErrors({
        query: { state, cursor: pageParam, limit: 50, ...(role === undefined ? {} : { role }) },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
}

export function useError(id: string) {
  return useQuery({
    queryKey: [KEY, "one", id],
    queryFn: ({ signal }) => operationsReadError({ path: { error_id: id }, signal }),
    refetchInterval: AGAIN_MS,
  });
}

const ACTS = {
  resolve: operationsResolveError,
  ignore: operationsIgnoreError,
  reopen: operationsReopenError,
};

export type Act = keyof typeof ACTS;

/** Do something with all picked errors, as they were seen; gives what became of each. */
export function useActOnMany() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ picks, act }: { picks: Picks; act: Act }) =>
      inParts(
        [...picks].map(([id, { version }]) => ({ id, version })),
        (items) => operationsChangeErrors({ body: { change: { kind: act }, items } }),
      ),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: [KEY] }),
        client.invalidateQueries({ queryKey: ["status"] }),
      ]),
  });
}

/** Resolve, ignore or open an error again, as it was seen: one that came again meanwhile is looked at first. */
export function useAct() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, act }: { id: string; version: number; act: keyof typeof ACTS }) =>
      ACTS[act]({ path: { error_id: id }, body: { version } }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: [KEY] }),
        client.invalidateQueries({ queryKey: ["status"] }),
      ]),
  });
}
