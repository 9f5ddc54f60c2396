// Webhooks and sources as the program tells them; looked at again every few seconds, because deliveries go on by themselves.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import {
  webhooksChangeDeliveries,
  webhooksListDeliveries,
  webhooksListSources,
  webhooksListSubscriptions,
  webhooksPauseSubscription,
  webhooksReadDelivery,
  webhooksRemoveSource,
  webhooksRemoveSubscription,
  webhooksResumeSubscription,
  webhooksRotateSourceSecret,
  webhooksRotateSubscriptionSecret,
  webhooksSendEventsAgain,
  webhooksTestSubscription,
  type AgainIn,
  type SourceOut,
  type SubscriptionOut,
} from "@/api";
import { inParts, type Picks } from "@/ui/bulk";

const KEY = "webhooks";
const AGAIN_MS = 5000;
const PAGE = 25;
const FIRST: string | null = null;

export function useSubscriptions(isWatched = true) {
  return useQuery({
    queryKey: [KEY, "subscriptions"],
    queryFn: ({ signal }) => webhooksListSubscriptions({ signal }),
    refetchInterval: isWatched && AGAIN_MS,
  });
}

export function useDeliveries(id: string) {
  return useInfiniteQuery({
    queryKey: [KEY, "deliveries", id],
    initialPageParam: FIRST,
    queryFn: ({ pageParam, signal }) =>
      webhooksListDeliveries({
        path: { subscription_id: id },
        query: { cursor: pageParam, limit: PAGE },
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: AGAIN_MS,
  });
}

export function useDelivery(id: string) {
  return useQuery({
    queryKey: [KEY, "delivery", id],
    queryFn: ({ signal }) => webhooksReadDelivery({ path: { delivery_id: id }, signal }),
    refetchInterval: AGAIN_MS,
  });
}

export function useSources() {
  return useQuery({
    queryKey: [KEY, "sources"],
    queryFn: ({ signal }) => webhooksListSources({ signal }),
    refetchInterval: AGAIN_MS,
  });
}

/** Do something about webhooks; how it went, for good or ill, is looked at afterwards: all there is, or one kind of it. */
export function useAct<Input, Output>(act: (input: Input) => Promise<Output>, ...kind: string[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => client.invalidateQueries({ queryKey: [KEY, ...kind] }),
  });
}

const pathOf = ({ id }: Pick<SubscriptionOut, "id">) => ({ subscription_id: id });

export const useSetRunning = () =>
  useAct(({ webhook, isRunning }: { webhook: SubscriptionOut; isRunning: boolean }) =>
    (isRunning ? webhooksResumeSubscription : webhooksPauseSubscription)({
      path: pathOf(webhook),
      body: { version: webhook.version },
    }),
  );

export const useTest = () =>
  useAct((webhook: SubscriptionOut) => webhooksTestSubscription({ path: pathOf(webhook) }));

export const useRotate = () =>
  useAct((webhook: SubscriptionOut) =>
    webhooksRotateSubscriptionSecret({ path: pathOf(webhook), body: { version: webhook.version } }),
  );

export const useSendAgain = (id: string) =>
  useAct((body: AgainIn) => webhooksSendEventsAgain({ path: pathOf({ id }), body }));

/** Send all picked deliveries again; gives what became of each. */
export const useSendPicked = () =>
  useAct((picks: Picks) =>
    inParts(
      [...picks.keys()].map((id) => ({ id })),
      (items) => webhooksChangeDeliveries({ body: { change: { kind: "send_again" }, items } }),
    ),
  );

// Its deliveries are gone: nobody asks for them.
export const useRemove = () =>
  useAct(
    (webhook: SubscriptionOut) => webhooksRemoveSubscription({ path: pathOf(webhook) }),
    "subscriptions",
  );

export const useRotateSource = () =>
  useAct(({ source, secret }: { source: SourceOut; secret: string | null }) =>
    webhooksRotateSourceSecret({
      path: { source_id: source.id },
      body: { version: source.version, secret },
    }),
  );

export const useRemoveSource = () =>
  useAct((source: SourceOut) => webhooksRemoveSource({ path: { source_id: source.id } }));
