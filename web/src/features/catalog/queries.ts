// The catalogue as the program lists it.
import { keepPreviousData, skipToken, useInfiniteQuery, useQuery } from "@tanstack/react-query";

import {
  catalogGetImport,
  catalogGetProduct,
  catalogListImportRows,
  catalogListImports,
  catalogListVariants,
  stockListLevels,
  stockListMovements,
  type VariantsOut,
} from "@/api";

import { lookAgain, lookAtAllAgain } from "./import-state";
import type { Wanted } from "./list-state";

const PAGE = 50;
const FIRST: string | null = null;
const EMPTY_POLL_MS = 2000;

export function useVariants(wanted: Wanted, isFiltered: boolean) {
  return useInfiniteQuery({
    queryKey: ["variants", wanted],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      catalogListVariants({ query: { ...wanted, cursor: pageParam, limit: PAGE }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    // An empty catalogue may be filling at this moment: the first import runs in the background.
    refetchInterval: ({ state }) =>
      !isFiltered && state.data?.pages[0]?.total === 0 ? EMPTY_POLL_MS : false,
  });
}

/** What is on hand of the variants of some pages, in a store; asked for page by page. */
export function useLevels(storeId: string | undefined, pages: readonly VariantsOut[]) {
  const ids = pages.map((page) => page.items.map((row) => row.id));
  return useQuery({
    queryKey: ["levels", storeId, ids],
    placeholderData: keepPreviousData,
    queryFn:
      storeId === undefined || ids.length === 0
        ? skipToken
        : async ({ signal }) => {
            const answers = await Promise.all(
              ids
                .filter((page) => page.length > 0)
                .map((page) => stockListLevels({ query: { store_id: storeId, variant_id: page }, signal })),
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
    queryFn: ({ signal }) => catalogGetProduct({ path: { product_id: productId }, signal }),
  });
}

export function useMovements(storeId: string | undefined, variantId: string) {
  return useQuery({
    queryKey: ["movements", storeId, variantId],
    queryFn:
      storeId === undefined
        ? skipToken
        : ({ signal }) =>
            stockListMovements({ query: { store_id: storeId, variant_id: variantId, limit: 10 }, signal }),
  });
}

export function useImports() {
  return useInfiniteQuery({
    queryKey: ["imports"],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      catalogListImports({ query: { cursor: pageParam, limit: PAGE }, signal }),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) => lookAtAllAgain(state.data?.pages),
  });
}

export function useImport(importId: string) {
  return useQuery({
    queryKey: ["import", importId],
    queryFn: ({ signal }) => catalogGetImport({ path: { import_id: importId }, signal }),
    refetchInterval: ({ state }) => lookAgain(state.data),
  });
}

export function useImportRows(importId: string, isDone: boolean) {
  return useInfiniteQuery({
    queryKey: ["import rows", importId],
    enabled: isDone,
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      catalogListImportRows({
        path: { import_id: importId },
        query: { cursor: pageParam, limit: PAGE },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}
