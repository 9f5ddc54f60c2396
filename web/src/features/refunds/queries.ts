// Refunds, and what is left of a sale, as the program tells them.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { posGetLeftOfSale, posGetRefund, posListRefunds } from "@/api";

import { type RefundsSearch, refundsWanted } from "./list-state";

const FIRST: string | null = null;

export const leftKey = (saleId: string) => ["refunds", "left", saleId];

export function useLeft(saleId: string) {
  return useQuery({
    queryKey: leftKey(saleId),
    queryFn: ({ signal }) => posGetLeftOfSale({ path: { sale_id: saleId }, signal }),
  });
}

export function useRefund(refundId: string) {
  return useQuery({
    queryKey: ["refunds", "one", refundId],
    queryFn: ({ signal }) => posGetRefund({ path: { refund_id: refundId }, signal }),
    // A refund never changes.
    staleTime: Infinity,
  });
}

export function useRefunds(search: RefundsSearch) {
  const wanted = refundsWanted(search);
  return useInfiniteQuery({
    queryKey: ["refunds", "list", wanted],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      posListRefunds({ query: { ...wanted, cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}
