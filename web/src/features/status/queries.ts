// How the program stands, looked at again every few seconds.
import { useQuery } from "@tanstack/react-query";

import { operationsReadStatus } from "@/api";

const AGAIN_MS = 15_000;

export function useStatus(isWatched = true) {
  return useQuery({
    queryKey: ["status"],
    queryFn: ({ signal }) => operationsReadStatus({ signal }),
    refetchInterval: isWatched && AGAIN_MS,
  });
}
