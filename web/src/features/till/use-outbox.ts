// Sends what is in the outbox until everything was answered, also after a reload.
import { useCallback, useEffect, useRef, useState } from "react";

import type { ApiProblem } from "@/http";

import {
  dropFromOutbox,
  keepInOutbox,
  type Outcome,
  readOutbox,
  type SaleBody,
  sendSale,
  type SoldAnswer,
  waitBefore,
} from "./outbox";
import { type Connection, useConnection } from "./use-connection";

export interface Refused {
  sale: SaleBody;
  failure: ApiProblem;
}

interface Heard {
  onSold: (sale: SoldAnswer) => void;
  onRefused: (refused: Refused) => void;
}

export interface OutboxState {
  unsent: number;
  isReachable: boolean;
  send: (sale: SaleBody, approval?: string) => void;
}

type Answer = Exclude<Outcome, { kind: "unheard" | "later" }>;

/** Send a sale again and again until there is an answer; null when stopped before. */
async function deliver(
  sale: SaleBody,
  approval: string | null,
  signal: AbortSignal,
  { note, pause }: Pick<Connection, "note" | "pause">,
): Promise<Answer | null> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const outcome = await sendSale(sale, approval);
    note(outcome.kind !== "unheard");
    if (outcome.kind === "sold" || outcome.kind === "refused") return outcome;
    await pause(outcome.kind === "later" ? outcome.waitMs : waitBefore(attempt), signal);
  }
  return null;
}

export function useOutbox(registerId: string, heard: Heard): OutboxState {
  const [unsent, setUnsent] = useState(() => readOutbox(registerId).length);
  const { isReachable, note, pause } = useConnection();
  const latest = useRef(heard);
  const running = useRef({ sales: new Set<string>(), stop: new AbortController() });
  useEffect(() => {
    latest.current = heard;
  });

  const send = useCallback(
    (sale: SaleBody, approval?: string) => {
      const { sales, stop } = running.current;
      if (sales.has(sale.id)) return;
      sales.add(sale.id);
      keepInOutbox(registerId, sale);
      setUnsent(readOutbox(registerId).length);
      void deliver(sale, approval ?? null, stop.signal, { note, pause }).then((answer) => {
        if (answer === null) return;
        sales.delete(sale.id);
        dropFromOutbox(registerId, sale.id);
        setUnsent(readOutbox(registerId).length);
        if (answer.kind === "sold") latest.current.onSold(answer.sale);
        else latest.current.onRefused({ sale, failure: answer.failure });
      });
    },
    [registerId, note, pause],
  );

  useEffect(() => {
    const present = { sales: new Set<string>(), stop: new AbortController() };
    running.current = present;
    for (const sale of readOutbox(registerId)) send(sale);
    return () => present.stop.abort();
  }, [registerId, send]);

  return { unsent, isReachable, send };
}
