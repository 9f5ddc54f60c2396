// Today's figures, pushed by the program as they change; asked for now and then while the push is down.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { streamOf } from "@/addresses";
import { insightGetToday, type TodayOut } from "@/api";

const FALLBACK_MS = 10_000;

export function useToday(storeId: string | undefined) {
  const client = useQueryClient();
  const [isLive, setLive] = useState(false);
  const key = ["today", storeId ?? "all"];
  const today = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => insightGetToday({ query: { store_id: storeId ?? null }, signal }),
    refetchInterval: isLive ? false : FALLBACK_MS,
  });
  const isKnown = today.data !== undefined;

  useEffect(() => {
    // A shop that is not set up has no figures to push.
    if (!isKnown) return;
    const stream = new EventSource(streamOf(storeId));
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
