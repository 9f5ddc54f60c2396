// What the till reads from the program.
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import { posFindProducts, posListRegisters, posScanCode, shopGetShop } from "@/api";
import { NoAnswer } from "@/http";

import type { Tile } from "./types";

const SHOWN = 24;
/** A working day. */
const KEPT_MS = 12 * 60 * 60 * 1000;

export const REGISTERS = ["till", "registers"];

export function useRegisters() {
  return useQuery({
    queryKey: REGISTERS,
    queryFn: async ({ signal }) => (await posListRegisters({ signal })).items,
  });
}

export function useShop() {
  return useQuery({
    queryKey: ["shop"],
    queryFn: ({ signal }) => shopGetShop({ signal }),
    staleTime: 60_000,
  });
}

function tilesOf(storeId: string, query: string) {
  return {
    queryKey: ["till", "find", storeId, query],
    queryFn: async ({ signal }: { signal: AbortSignal }) =>
      (await posFindProducts({ query: { store_id: storeId, q: query, limit: SHOWN }, signal })).items,
  };
}

export function useTiles(storeId: string, query: string) {
  return useQuery({ ...tilesOf(storeId, query), placeholderData: keepPreviousData });
}

/** Return a function that finds products at once, by the same answer as the list of tiles shows. */
export function useFindNow(storeId: string): (query: string) => Promise<Tile[]> {
  const client = useQueryClient();
  return useCallback((query) => client.query(tilesOf(storeId, query)), [client, storeId]);
}

/**
 * Return a function that finds the product with a code: at once when it was seen lately, else from the program. When
 * the program does not answer, a product that was seen before is still good: the price is checked with the sale.
 */
export function useByCode(storeId: string): (code: string) => Promise<Tile> {
  const client = useQueryClient();
  return useCallback(
    async (code) => {
      const queryKey = ["till", "code", storeId, code];
      try {
        return await client.query({
          queryKey,
          queryFn: () => posScanCode({ path: { code }, query: { store_id: storeId } }),
          staleTime: 60_000,
          gcTime: KEPT_MS,
          retry: false,
        });
      } catch (failure) {
        const known = failure instanceof NoAnswer ? client.getQueryData<Tile>(queryKey) : undefined;
        if (known === undefined) throw failure;
        return known;
      }
    },
    [client, storeId],
  );
}

/** Return a function that asks for products again as they are priced now; what is not sold any more is left out. */
export function useFreshTiles(storeId: string): (tiles: readonly Tile[]) => Promise<Tile[]> {
  return useCallback(
    async (tiles) => {
      const found = await Promise.allSettled(
        tiles.map((tile) =>
          posFindProducts({
            query: { store_id: storeId, q: tile.barcode ?? tile.sku ?? tile.name, limit: SHOWN },
          }),
        ),
      );
      const wanted = new Set(tiles.map((tile) => tile.variant_id));
      return found
        .flatMap((one) => (one.status === "fulfilled" ? one.value.items : []))
        .filter((tile) => wanted.has(tile.variant_id));
    },
    [storeId],
  );
}
