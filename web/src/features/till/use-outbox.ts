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
  send: (sale: SaleBody) => void;
}

type Answer = Exclude<Outcome, { kind: "unheard" }>;

/** Wait for some milliseconds, less when the signal says so. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Send a sale again and again until there is an answer; null when stopped before. */
async function deliver(
  sale: SaleBody,
  signal: AbortSignal,
  onAttempt: (wasHeard: boolean) => void,
): Promise<Answer | null> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const outcome = await sendSale(sale);
    onAttempt(outcome.kind !== "unheard");
    if (outcome.kind !== "unheard") return outcome;
    await pause(waitBefore(attempt), signal);
  }
  return null;
}

export function useOutbox(registerId: string, heard: Heard): OutboxState {
  const [unsent, setUnsent] = useState(() => readOutbox(registerId).length);
  const [isReachable, setReachable] = useState(true);
  const latest = useRef(heard);
  const running = useRef({ sales: new Set<string>(), stop: new AbortController() });
  useEffect(() => {
    latest.current = heard;
  });

  const send = useCallback(
    (sale: SaleBody) => {
      const { sales, stop } = running.current;
      if (sales.has(sale.id)) return;
      sales.add(sale.id);
      keepInOutbox(registerId, sale);
      setUnsent(readOutbox(registerId).length);
      void deliver(sale, stop.signal, setReachable).then((answer) => {
        if (answer === null) return;
        sales.delete(sale.id);
        dropFromOutbox(registerId, sale.id);
        setUnsent(readOutbox(registerId).length);
        if (answer.kind === "sold") latest.current.onSold(answer.sale);
        else latest.current.onRefused({ sale, failure: answer.failure });
      });
    },
    [registerId],
  );

  useEffect(() => {
    const present = { sales: new Set<string>(), stop: new AbortController() };
    running.current = present;
    for (const sale of readOutbox(registerId)) send(sale);
    return () => present.stop.abort();
  }, [registerId, send]);

  return { unsent, isReachable, send };
}
