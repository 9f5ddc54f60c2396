// The catalogue as the program lists it.
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import type {
  ImportOut,
  ImportRowsOut,
  ImportsOut,
  LevelsOut,
  MovementsOut,
  ProductOut,
  VariantsOut,
} from "@/api";
import { call } from "@/http";

const PAGE = 50;
const POLL_MS = 500;
const EMPTY_POLL_MS = 2000;

export function useVariants(query: string, sort: string | undefined) {
  return useInfiniteQuery({
    queryKey: ["variants", query, sort],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      call<VariantsOut>("GET", "/catalog/variants", {
        query: { q: query, sort, cursor: pageParam, limit: PAGE },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    // An empty catalogue may be filling at this moment: the first import runs in the background.
    refetchInterval: ({ state }) =>
      query === "" && state.data?.pages[0]?.total === 0 ? EMPTY_POLL_MS : false,
  });
}

/** What is on hand of the variants of some pages, in a store; asked for page by page. */
export function useLevels(storeId: string | undefined, pages: readonly VariantsOut[]) {
  const ids = pages.map((page) => page.items.map((row) => row.id));
  return useQuery({
    queryKey: ["levels", storeId, ids],
    enabled: storeId !== undefined && ids.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const answers = await Promise.all(
        ids
          .filter((page) => page.length > 0)
          .map((page) =>
            call<LevelsOut>("GET", "/stock/levels", {
              query: { store_id: storeId, variant_id: page },
              signal,
            }),
          ),
      );
      return new Map(
        answers.flatMap((answer) => answer.items.map((level) => [level.variant_id, level.on_hand])),
      );
    },
  });
}

export function useProduct(productId: string) {
  return useQuery({
    queryKey: ["product", productId],
    queryFn: ({ signal }) => call<ProductOut>("GET", `/catalog/products/${productId}`, { signal }),
  });
}

export function useMovements(storeId: string | undefined, variantId: string) {
  return useQuery({
    queryKey: ["movements", storeId, variantId],
    enabled: storeId !== undefined,
    queryFn: ({ signal }) =>
      call<MovementsOut>("GET", "/stock/movements", {
        query: { store_id: storeId, variant_id: variantId, limit: 10 },
        signal,
      }),
  });
}

export const isRunning = (one: ImportOut) => one.status === "waiting" || one.status === "running";

export function useImports() {
  return useQuery({
    queryKey: ["imports"],
    queryFn: async ({ signal }) => (await call<ImportsOut>("GET", "/catalog/imports", { signal })).items,
    refetchInterval: ({ state }) => (state.data?.some(isRunning) ? POLL_MS * 2 : false),
  });
}

export function useImport(importId: string) {
  return useQuery({
    queryKey: ["import", importId],
    queryFn: ({ signal }) => call<ImportOut>("GET", `/catalog/imports/${importId}`, { signal }),
    refetchInterval: ({ state }) => (state.data === undefined || isRunning(state.data) ? POLL_MS : false),
  });
}

export function useImportRows(importId: string, isDone: boolean) {
  return useInfiniteQuery({
    queryKey: ["import rows", importId],
    enabled: isDone,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      call<ImportRowsOut>("GET", `/catalog/imports/${importId}/rows`, {
        query: { cursor: pageParam, limit: PAGE },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}
