// Sales, shifts and receipts, as the program lists them.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";

import type { SaleOut, SalesOut, ShiftsOut, ShopOut } from "@/api";
import { call } from "@/http";
import { useMoment } from "@/ui/money";

export interface SaleFilters {
  store: string | undefined;
  day: string | undefined;
  shift: string | undefined;
}

export function useSales(filters: SaleFilters) {
  return useInfiniteQuery({
    queryKey: ["sales", filters],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      call<SalesOut>("GET", "/pos/sales", {
        query: {
          store_id: filters.store,
          business_day: filters.day,
          shift_id: filters.shift,
          cursor: pageParam,
          limit: 50,
        },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useShifts(registerId: string | undefined) {
  return useInfiniteQuery({
    queryKey: ["shifts", registerId],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      call<ShiftsOut>("GET", "/pos/shifts", {
        query: { register_id: registerId, cursor: pageParam, limit: 50 },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useSale(saleId: string) {
  return useQuery({
    queryKey: ["sale", saleId],
    queryFn: ({ signal }) => call<SaleOut>("GET", `/pos/sales/${saleId}`, { signal }),
    // A sale never changes.
    staleTime: Infinity,
  });
}

export function useShopFacts() {
  return useQuery({
    queryKey: ["shop"],
    queryFn: ({ signal }) => call<ShopOut>("GET", "/shop", { signal }),
    staleTime: 60_000,
  });
}

/** Return a moment as the shop's clock shows it, wherever the browser is. */
export function useShopMoment(): (moment: string) => string {
  const moment = useMoment();
  const zone = useShopFacts().data?.business?.time_zone;
  return (one) => moment(one, zone);
}
