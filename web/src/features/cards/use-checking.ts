// The work on one card, kept as it goes, also when its page is left or put aside.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";

import { Checking } from "./checking";
import { type CardOut, crmGetCard, crmKeepCard } from "@/api";

export function useChecking(card: CardOut) {
  const client = useQueryClient();
  const [checking] = useState(() => {
    const path = { card_id: card.id };
    return new Checking(card, {
      keep: async (version, sent) => {
        // It outlives the page that it was sent from.
        const kept = await crmKeepCard({ path, body: { version, ...sent }, keepalive: true });
        client.setQueryData(["card", card.id], kept);
        return kept;
      },
      present: () => crmGetCard({ path }),
    });
  });
  const state = useSyncExternalStore(checking.watch, () => checking.state);
  useEffect(() => {
    const flush = () => void checking.flush();
    document.addEventListener("visibilitychange", flush);
    window.addEventListener("pagehide", flush);
    return () => {
      document.removeEventListener("visibilitychange", flush);
      window.removeEventListener("pagehide", flush);
      flush();
    };
  }, [checking]);
  return { checking, state };
}
