// What people can do for themselves before they sign in, as the program is set up.
import { queryOptions } from "@tanstack/react-query";

import { identityReadSetup } from "@/api";

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: ({ signal }) => identityReadSetup({ signal }),
  staleTime: Infinity,
});
