// The audit trail, as the program lists it.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { auditListActs, auditListEntries, auditReadEntry, auditTellStory } from "@/api";

import { type AuditSearch, entriesWanted } from "./search";

const FIRST: string | null = null;

export function useEntries(search: AuditSearch) {
  const wanted = entriesWanted(search);
  return useInfiniteQuery({
    queryKey: ["audit", "entries", wanted],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      auditListEntries({ query: { ...wanted, cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function useEntry(entryId: string) {
  return useQuery({
    queryKey: ["audit", "entry", entryId],
    queryFn: ({ signal }) => auditReadEntry({ path: { entry_id: entryId }, signal }),
  });
}

export function useStory(type: string, id: string) {
  return useInfiniteQuery({
    queryKey: ["audit", "story", type, id],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      auditTellStory({
        path: { object_type: type, object_id: id },
        query: { cursor: pageParam, limit: 50 },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useActs() {
  return useQuery({
    queryKey: ["audit", "acts"],
    queryFn: ({ signal }) => auditListActs({ signal }),
  });
}
