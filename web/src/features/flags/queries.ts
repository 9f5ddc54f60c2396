// Switches and experiments as the program tells them.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import {
  flagsEndExperiment,
  flagsListExperiments,
  flagsListFlags,
  flagsPreviewFlags,
  flagsStartExperiment,
  identityListPeople,
  identityListPlaces,
  identityListRoles,
} from "@/api";
import { useSession } from "@/app/session";

const KEY = "flags";
const AGAIN_MS = 5000;

export function useFlags() {
  return useQuery({ queryKey: [KEY, "list"], queryFn: ({ signal }) => flagsListFlags({ signal }) });
}

export function useExperiments() {
  return useQuery({
    queryKey: [KEY, "experiments"],
    queryFn: ({ signal }) => flagsListExperiments({ signal }),
    refetchInterval: AGAIN_MS,
  });
}

export interface Somebody {
  role: string;
  placeId: string;
  actorId: string;
}

export function usePreview({ role, placeId, actorId }: Somebody) {
  const query = {
    ...(role === "" ? {} : { role }),
    ...(placeId === "" ? {} : { place_id: placeId }),
    ...(actorId === "" ? {} : { actor_id: actorId }),
  };
  return useQuery({
    queryKey: [KEY, "preview", role, placeId, actorId],
    queryFn: ({ signal }) => flagsPreviewFlags({ query, signal }),
  });
}

/** Who there is to choose from; only those who manage people know. */
export function useChoices() {
  const { may } = useSession();
  const enabled = may("identity.manage");
  const roles = useQuery({
    queryKey: ["people", "roles"],
    queryFn: ({ signal }) => identityListRoles({ signal }),
    enabled,
  });
  const places = useQuery({
    queryKey: ["people", "places"],
    queryFn: ({ signal }) => identityListPlaces({ signal }),
    enabled,
  });
  const people = useQuery({
    queryKey: ["people", "list"],
    queryFn: ({ signal }) => identityListPeople({ query: { limit: 200 }, signal }),
    enabled,
  });
  return {
    roles: roles.data?.items.map((role) => role.key) ?? [],
    places: places.data?.items ?? [],
    people: people.data?.items ?? [],
  };
}

/** Do something about switches or experiments; all there is is looked at afterwards. */
export function useAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => client.invalidateQueries({ queryKey: [KEY] }),
  });
}

export const start = (key: string) => flagsStartExperiment({ path: { key } });
export const end = ({ key, kept }: { key: string; kept: string }) =>
  flagsEndExperiment({ path: { key }, body: { kept } });
