// Sales, shifts and receipts, as the program lists them.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import { posGetSale, posListCashiers, posListSales, posListShifts, shopGetShop } from "@/api";
import { useMoment } from "@/ui/money";

import { type SalesSearch, salesWanted } from "./list-state";

const FIRST: string | null = null;

export function useSales(search: SalesSearch) {
  const wanted = salesWanted(search);
  return useInfiniteQuery({
    queryKey: ["sales", wanted],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      posListSales({ query: { ...wanted, cursor: pageParam, limit: 50 }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function useShifts(registerId: string | undefined) {
  return useInfiniteQuery({
    queryKey: ["shifts", registerId],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      posListShifts({
        query: { register_id: registerId ?? null, cursor: pageParam, limit: 50 },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Who rang up sales, for the filter. */
export function useCashiers() {
  return useQuery({
    queryKey: ["cashiers"],
    queryFn: ({ signal }) => posListCashiers({ signal }),
    staleTime: 60_000,
  });
}

export function useSale(saleId: string) {
  return useQuery({
    queryKey: ["sale", saleId],
    queryFn: ({ signal }) => posGetSale({ path: { sale_id: saleId }, signal }),
    // A sale never changes.
    staleTime: Infinity,
  });
}

export function useShopFacts() {
  return useQuery({
    queryKey: ["shop"],
    queryFn: ({ signal }) => shopGetShop({ signal }),
    staleTime: 60_000,
  });
}

/** Return a moment as the shop's clock shows it, wherever the browser is. */
export function useShopMoment(): (moment: string) => string {
  const moment = useMoment();
  const zone = useShopFacts().data?.business?.time_zone;
  return (one) => moment(one, zone);
}
