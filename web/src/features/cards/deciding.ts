// What a reviewer decides on a card, and the other acts that change it.
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";

import { madeOf } from "@/features/crm/draft";
import { refresh } from "@/features/crm/queries";

import { type Checking, isClash, sentOf } from "./checking";
import {
  type CardOut,
  type CardsOut,
  crmAcceptCard,
  crmJoinCard,
  crmPartCard,
  crmReadCardPhoto,
  crmReopenCard,
  crmSkipCard,
} from "@/api";
import { refreshCards } from "./queries";

/** Have the lists say what became of a card: at once, and then as the program has it. Nobody waits for that. */
function useTold() {
  const client = useQueryClient();
  return (card: CardOut) => {
    const { id, state, contact_id, contact } = card;
    client.setQueryData(["card", id], card);
    client.setQueriesData<InfiniteData<CardsOut>>({ queryKey: ["cards"] }, (lists) => {
      if (lists === undefined) return undefined;
      const told = (row: CardsOut["items"][number]) =>
        row.id === id ? { ...row, state, contact_id, name: contact.name ?? "" } : row;
      return { ...lists, pages: lists.pages.map((page) => ({ ...page, items: page.items.map(told) })) };
    });
    void refreshCards(client);
  };
}

interface Deciding {
  card: CardOut;
  checking: Checking;
  contactId: string;
  onDecided: (card: CardOut) => void;
}

export function useDeciding({ card, checking, contactId, onDecided }: Deciding) {
  const client = useQueryClient();
  const tell = useTold();
  const path = { card_id: card.id };
  const onError = async (failure: unknown) => {
    if (isClash(failure)) await checking.meet();
  };
  const accept = useMutation({
    mutationFn: async () => {
      const { work } = checking;
      const version = await checking.ready();
      const { boxes, fields } = sentOf(work);
      return crmAcceptCard({
        path,
        body: { version, contact: madeOf(contactId, work.draft), boxes, fields },
      });
    },
    onSuccess: (accepted) => {
      tell(accepted);
      void refresh(client);
      onDecided(accepted);
    },
    onError,
  });
  const skip = useMutation({
    mutationFn: async () => {
      await checking.flush();
      return crmSkipCard({ path, body: { version: await checking.ready() } });
    },
    onSuccess: (skipped) => {
      tell(skipped);
      onDecided(skipped);
    },
    onError,
  });
  return { accept, skip };
}

/** Decide anew on a card that was left out. */
export function useReopening() {
  const tell = useTold();
  return useMutation({
    mutationFn: (card: { id: string; version: number }) =>
      crmReopenCard({ path: { card_id: card.id }, body: { version: card.version } }),
    onSuccess: tell,
  });
}

/** Join the other side of a card to it, or part them again; the form is filled anew. */
export function useSides(card: CardOut, checking: Checking, onFilled: () => void) {
  const tell = useTold();
  const path = { card_id: card.id };
  const onSuccess = (filled: CardOut) => {
    tell(filled);
    onFilled();
  };
  const join = useMutation({
    mutationFn: async (otherId: string) => {
      await checking.flush();
      return crmJoinCard({ path, body: { version: await checking.ready(), other_id: otherId } });
    },
    onSuccess,
  });
  const part = useMutation({
    mutationFn: async () => {
      await checking.flush();
      return crmPartCard({ path, body: { version: await checking.ready() } });
    },
    onSuccess,
  });
  return { join, part };
}

/** Have a picture read again; its cards that are not decided on may be others afterwards. */
export function useReadingAgain() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (photoId: string) => crmReadCardPhoto({ path: { photo_id: photoId } }),
    onSettled: () => refreshCards(client),
  });
}
