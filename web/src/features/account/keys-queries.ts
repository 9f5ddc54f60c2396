// The keys of a person and of services as the server has them.
import { useQuery } from "@tanstack/react-query";

import { identityListOwnKeys, identityListServiceKeys } from "@/api";

export type Owner = "person" | "service";

export function keysOf(owner: Owner): readonly string[] {
  return ["keys", owner];
}

export function useKeys(owner: Owner, isAsked = true) {
  return useQuery({
    queryKey: keysOf(owner),
    queryFn: ({ signal }) =>
      owner === "person" ? identityListOwnKeys({ signal }) : identityListServiceKeys({ signal }),
    enabled: isAsked,
  });
}
