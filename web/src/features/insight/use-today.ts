// Today's figures, pushed by the program as they change; asked for now and then while the push is down.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { TodayOut } from "@/api";
import { call } from "@/http";

const FALLBACK_MS = 10_000;

export function useToday(storeId: string | undefined) {
  const client = useQueryClient();
  const [isLive, setLive] = useState(false);
  const key = ["today", storeId ?? "all"];
  const today = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      call<TodayOut>("GET", "/insight/today", { query: { store_id: storeId }, signal }),
    refetchInterval: isLive ? false : FALLBACK_MS,
  });
  const isKnown = today.data !== undefined;

  useEffect(() => {
    // A shop that is not set up has no figures to push.
    if (!isKnown) return;
    const query = storeId === undefined ? "" : `?store_id=${encodeURIComponent(storeId)}`;
    const stream = new EventSource(`/api/v1/insight/today/stream${query}`);
    stream.addEventListener("today", (event: MessageEvent<string>) => {
      setLive(true);
      client.setQueryData(["today", storeId ?? "all"], JSON.parse(event.data) as TodayOut);
    });
    stream.addEventListener("error", () => setLive(false));
    return () => {
      stream.close();
      setLive(false);
    };
  }, [client, isKnown, storeId]);

  return { today, isLive };
}
