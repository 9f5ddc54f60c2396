// Contacts as the program lists them.
import {
  keepPreviousData,
  type QueryClient,
  skipToken,
  useInfiniteQuery,
  useQueries,
  useQuery,
} from "@tanstack/react-query";

import {
  type ContactIn,
  crmCheckContact,
  crmGetContact,
  crmListContacts,
  crmListDuplicates,
  crmListMerges,
  crmListOwners,
  crmListPairs,
  crmListTimeline,
  taggingListTags,
} from "@/api";

import type { Wanted } from "./list-state";

const PAGE = 50;
const PAIRS = 20;
const SUGGESTIONS = 8;
const LOOK_MS = 3_000;
const OWNERS_MS = 60_000;
const FIRST: string | null = null;

export function useContacts(wanted: Wanted) {
  return useInfiniteQuery({
    queryKey: ["contacts", wanted],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      crmListContacts({ query: { ...wanted, cursor: pageParam, limit: PAGE }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

/** To whom contacts can be given, which are those whose contacts one sees. */
export function useOwners() {
  return useQuery({
    queryKey: ["contact-owners"],
    queryFn: ({ signal }) => crmListOwners({ signal }),
    staleTime: OWNERS_MS,
  });
}

export function useContact(contactId: string) {
  return useQuery({
    queryKey: ["contact", contactId],
    queryFn: ({ signal }) => crmGetContact({ path: { contact_id: contactId }, signal }),
  });
}

/** Several contacts at once; those that are one contact by now come once. */
export function useContactsById(ids: readonly string[]) {
  const results = useQueries({
    queries: ids.map((id) => ({
      queryKey: ["contact", id],
      queryFn: ({ signal }: { signal: AbortSignal }) => crmGetContact({ path: { contact_id: id }, signal }),
    })),
  });
  const found = results.flatMap(({ data }) => data ?? []);
  return {
    contacts: [...new Map(found.map((contact) => [contact.id, contact])).values()],
    failure: results.find(({ isError }) => isError)?.error ?? null,
    isPending: results.some((result) => result.isPending),
    retry: () => results.forEach((result) => void result.refetch()),
  };
}

/** The latest merges that made a contact. */
export function useMerges(contactId: string) {
  return useQuery({
    queryKey: ["contact", contactId, "merges"],
    queryFn: ({ signal }) => crmListMerges({ path: { contact_id: contactId }, signal }),
  });
}

export function useTimeline(contactId: string) {
  return useInfiniteQuery({
    queryKey: ["contact", contactId, "timeline"],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      crmListTimeline({
        path: { contact_id: contactId },
        query: { cursor: pageParam, limit: 20 },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** The tags and groups that contacts may have. */
export function useLabels() {
  return useQuery({
    queryKey: ["contact labels"],
    queryFn: ({ signal }) => taggingListTags({ query: { entity: "crm.contact" }, signal }),
  });
}

/** Companies whose names are like what was typed. */
export function useCompanies(text: string) {
  const q = text.trim();
  return useQuery({
    queryKey: ["companies", q],
    placeholderData: keepPreviousData,
    queryFn:
      q === ""
        ? skipToken
        : ({ signal }) => crmListContacts({ query: { q, kind: "company", limit: SUGGESTIONS }, signal }),
  });
}

/** Who may be the same as a contact that is not saved yet; an older question is given up for a newer one. */
export function useLikeDraft(asked: ContactIn | null) {
  return useQuery({
    queryKey: ["duplicates", "draft", asked],
    placeholderData: keepPreviousData,
    retry: false,
    queryFn: asked === null ? skipToken : ({ signal }) => crmCheckContact({ body: asked, signal }),
  });
}

/** Who may be the same as a contact. */
export function useLikeContact(contactId: string) {
  return useQuery({
    queryKey: ["duplicates", "contact", contactId],
    queryFn: ({ signal }) => crmListDuplicates({ path: { contact_id: contactId }, signal }),
  });
}

/** All pairs that may be the same; while all contacts are being compared, it looks again and again. */
export function usePairs(isLooking: boolean) {
  return useInfiniteQuery({
    queryKey: ["duplicates", "pairs"],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) => crmListPairs({ query: { cursor: pageParam, limit: PAIRS }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: isLooking && LOOK_MS,
  });
}

/** How many pairs there are. */
export function usePairCount(): number {
  const count = useQuery({
    queryKey: ["duplicates", "count"],
    queryFn: ({ signal }) => crmListPairs({ query: { limit: 1 }, signal }),
  });
  return count.data?.total ?? 0;
}

/** Ask anew for all that a change of contacts may have changed. */
export function refresh(client: QueryClient): Promise<unknown> {
  return Promise.all(
    ["contacts", "contact", "contact labels", "companies", "duplicates"].map((name) =>
      client.invalidateQueries({ queryKey: [name] }),
    ),
  );
}
