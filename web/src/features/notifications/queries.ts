// One's notifications and how one wants them, as the program tells them.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import {
  notificationsChangeNotifications,
  notificationsChooseDigest,
  notificationsChoosePreferences,
  notificationsClearUnreachable,
  notificationsConfirmAddress,
  notificationsListNotifications,
  notificationsListUnreachable,
  notificationsReadAllNotifications,
  notificationsReadNotification,
  notificationsReadPreferences,
  notificationsRemoveNotification,
  type DigestIn,
  type PreferenceIn,
} from "@/api";
import { useLanguage } from "@/i18n/provider";
import { inParts, type Picks } from "@/ui/bulk";

const KEY = ["notifications"];
const PREFERENCES = [...KEY, "preferences"];
const UNREACHABLE = [...KEY, "unreachable"];
const AGAIN_MS = 60_000;
const PAGE = 30;
const FIRST: string | null = null;

/** The language in which the program is to write what this device shows. */
function useSpoken() {
  const { language } = useLanguage();
  return language === "pseudo" ? "en" : language;
}

export function useInbox() {
  const spoken = useSpoken();
  return useInfiniteQuery({
    queryKey: [...KEY, "inbox", spoken],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      notificationsListNotifications({
        query: { language: spoken, cursor: pageParam, limit: PAGE },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function usePreferences() {
  const spoken = useSpoken();
  return useQuery({
    queryKey: [...PREFERENCES, spoken],
    queryFn: ({ signal }) => notificationsReadPreferences({ query: { language: spoken }, signal }),
  });
}

export function useUnreachable() {
  return useQuery({
    queryKey: UNREACHABLE,
    queryFn: ({ signal }) => notificationsListUnreachable({ signal }),
    refetchInterval: AGAIN_MS,
  });
}

/** Whatever is changed here is shown in several places: the inbox, the number beside it and the account. */
function useAct<Given, Told>(act: (given: Given) => Promise<Told>, order?: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    ...(order === undefined ? {} : { scope: { id: order } }),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
}

export const useRead = () =>
  useAct((id: string) => notificationsReadNotification({ path: { notification_id: id } }));

export const useReadAll = () =>
  useAct((upTo: string) => notificationsReadAllNotifications({ body: { up_to: upTo } }));

/** Mark all that are picked as read, or take them away; gives what became of each. */
export const useActOnMany = () =>
  useAct(({ picks, act }: { picks: Picks; act: "read" | "remove" }) =>
    inParts(
      [...picks.keys()].map((id) => ({ id })),
      (items) => notificationsChangeNotifications({ body: { change: { kind: act }, items } }),
    ),
  );

export const useRemove = () =>
  useAct((id: string) => notificationsRemoveNotification({ path: { notification_id: id } }));

/** One after the other: what is chosen last, with the arrow keys say, must not be overtaken by what it passed. */
export const useChoose = () =>
  useAct(
    (chosen: PreferenceIn) => notificationsChoosePreferences({ body: { items: [chosen] } }),
    "notifications.preferences",
  );

export const useChooseHour = () =>
  useAct((chosen: DigestIn) => notificationsChooseDigest({ body: chosen }), "notifications.digest");

export const useConfirmAddress = () => useAct(() => notificationsConfirmAddress());

export const useClearUnreachable = () =>
  useAct((id: string) => notificationsClearUnreachable({ path: { person_id: id } }));
