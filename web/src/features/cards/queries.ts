// Cards, their pictures and their batches as the program lists them.
import { keepPreviousData, type QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import {
  type CardBatchOut,
  type CardHeldFileOut,
  crmGetCard,
  crmGetCardBatch,
  crmListCardBatches,
  crmListCardEngines,
  crmListCardPhotos,
  crmListCards,
  crmListHeldCardFiles,
  crmListContactCards,
} from "@/api";

const LOOK_MS = 1500;
const PAGE = 200;
const EARLIER = 20;
const FIRST: string | null = null;

/** Whether more comes of a batch: some of it waits, for the virus scanner too, or is being read. */
export const isReading = (batch: CardBatchOut | undefined) =>
  batch !== undefined && batch.waiting + batch.reading + batch.unscanned > 0;

export function useBatches() {
  return useInfiniteQuery({
    queryKey: ["card batches"],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      crmListCardBatches({ query: { cursor: pageParam, limit: EARLIER }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isReading)) === true ? LOOK_MS : false,
  });
}

/** A batch, looked at again as long as something of it waits or is being read. */
export function useBatch(batchId: string) {
  return useQuery({
    queryKey: ["card batch", batchId],
    queryFn: ({ signal }) => crmGetCardBatch({ path: { batch_id: batchId }, signal }),
    refetchInterval: ({ state }) => (isReading(state.data) ? LOOK_MS : false),
  });
}

/** All pictures of a batch; there are at most some hundreds. */
export function usePhotos(batchId: string) {
  const batch = useBatch(batchId);
  const photos = useInfiniteQuery({
    // Pictures come of files that waited for the virus scanner, one after the other.
    queryKey: ["card photos", batchId, batch.data?.photos ?? 0],
    enabled: !batch.isPending,
    placeholderData: keepPreviousData,
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      crmListCardPhotos({ query: { batch_id: batchId, cursor: pageParam, limit: PAGE }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) =>
        page.items.some((one) => one.state === "waiting" || one.state === "reading"),
      )
        ? LOOK_MS
        : false,
  });
  useRest(photos);
  return photos;
}

/** The files of a batch that wait for the virus scanner, and those of which something is to be told. */
export function useHeldFiles(batchId: string) {
  const batch = useBatch(batchId);
  const files = useInfiniteQuery({
    queryKey: ["held card files", batchId, batch.data?.unscanned ?? 0],
    enabled: !batch.isPending,
    placeholderData: keepPreviousData,
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      crmListHeldCardFiles({ query: { batch_id: batchId, cursor: pageParam, limit: PAGE }, signal }),
    getNextPageParam: (page) => page.next_cursor,
  });
  useRest(files);
  return (files.data?.pages.flatMap((page) => page.items) ?? []).filter(isWorthShowing);
}

/** All cards of a batch, in the order in which they are checked. */
export function useCards(batchId: string) {
  const batch = useBatch(batchId).data;
  const cards = useInfiniteQuery({
    // Cards come as their pictures are read.
    queryKey: ["cards", batchId, (batch?.done ?? 0) + (batch?.failed ?? 0)],
    enabled: batch !== undefined,
    placeholderData: keepPreviousData,
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      crmListCards({ query: { batch_id: batchId, cursor: pageParam, limit: PAGE }, signal }),
    getNextPageParam: (page) => page.next_cursor,
  });
  useRest(cards);
  return cards;
}

/** What was taken whole is seen among the pictures. */
const isWorthShowing = ({ state, refused }: CardHeldFileOut) => state !== "taken" || refused.length > 0;

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Load page after page until all is there. */
function useRest({ hasNextPage, isFetchingNextPage, fetchNextPage }: Pages): void {
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
}

export const cardQuery = (cardId: string) => ({
  queryKey: ["card", cardId],
  queryFn: ({ signal }: { signal: AbortSignal }) => crmGetCard({ path: { card_id: cardId }, signal }),
});

/** One card; it is not asked for again by itself while somebody works on it. */
export function useCard(cardId: string) {
  return useQuery({ ...cardQuery(cardId), refetchOnWindowFocus: false, refetchOnReconnect: false });
}

/** The cards that a contact came from. */
export function useCardsOfContact(contactId: string) {
  return useQuery({
    queryKey: ["cards of contact", contactId],
    queryFn: ({ signal }) => crmListContactCards({ path: { contact_id: contactId }, signal }),
  });
}

/** Whether pictures of cards leave this machine; undefined until the program has said it. */
export function useSentOutside(): boolean | undefined {
  return useQuery({ queryKey: ["card engines"], queryFn: ({ signal }) => crmListCardEngines({ signal }) })
    .data?.sent_outside;
}

/** Ask anew for what a decision on a card, or another reading of its picture, may have changed. */
export function refreshCards(client: QueryClient): Promise<unknown> {
  return Promise.all(
    ["cards", "card batch", "card batches", "card photos", "held card files", "cards of contact"].map(
      (name) => client.invalidateQueries({ queryKey: [name] }),
    ),
  );
}
