// Tickets that were paid and not yet confirmed, and those the program refused: none is lost, each can be taken up again.
import { useCallback, useMemo, useState } from "react";
import { useTranslations } from "use-intl";

import { newId } from "@/ids";
import { Button } from "@/ui/button";

import { changeTicket, emptyTicket, type Ticket } from "./ticket";
import type { Tile } from "./types";

interface Kept {
  ticket: Ticket;
  isRefused: boolean;
}

const key = (registerId: string) => `tradepost.held.${registerId}`;

function read(registerId: string): Kept[] {
  const kept = JSON.parse(localStorage.getItem(key(registerId)) ?? "[]") as Kept[];
  return kept.map((one) => ({ ...one, ticket: { ...emptyTicket(), ...one.ticket } }));
}

export interface Held {
  refused: Ticket[];
  /** Keep a paid ticket until the program has answered. */
  keep: (ticket: Ticket) => void;
  forget: (saleId: string) => void;
  tilesOf: (saleId: string) => Tile[];
  /** Mark a ticket as refused, with prices as they are now. */
  giveBack: (saleId: string, tiles: readonly Tile[]) => void;
  /** Return a refused ticket under a new id, and keep it no longer. */
  takeUp: (saleId: string) => Ticket | undefined;
}

export function useHeld(registerId: string): Held {
  const [kept, setKept] = useState(() => read(registerId));

  const change = useCallback(
    (alter: (present: Kept[]) => Kept[]) => {
      const next = alter(read(registerId));
      localStorage.setItem(key(registerId), JSON.stringify(next));
      setKept(next);
    },
    [registerId],
  );

  return useMemo<Held>(
    () => ({
      refused: kept.filter((one) => one.isRefused).map((one) => one.ticket),
      keep: (ticket) => change((present) => [...present, { ticket, isRefused: false }]),
      forget: (saleId) => change((present) => present.filter((one) => one.ticket.id !== saleId)),
      tilesOf: (saleId) =>
        read(registerId)
          .filter((one) => one.ticket.id === saleId)
          .flatMap((one) => one.ticket.lines.map((line) => line.tile)),
      giveBack: (saleId, tiles) =>
        change((present) =>
          present.map((one) =>
            one.ticket.id === saleId
              ? { ticket: changeTicket(one.ticket, { kind: "reprice", tiles }), isRefused: true }
              : one,
          ),
        ),
      takeUp: (saleId) => {
        const found = read(registerId).find((one) => one.ticket.id === saleId);
        change((present) => present.filter((one) => one.ticket.id !== saleId));
        // The refused id was never used for a sale; a new one keeps every attempt apart all the same.
        return found === undefined ? undefined : { ...found.ticket, id: newId() };
      },
    }),
    [change, kept, registerId],
  );
}

interface HeldTicketsProps {
  tickets: readonly Ticket[];
  mayTakeUp: boolean;
  onTakeUp: (ticket: Ticket) => void;
}

export function HeldTickets({ tickets, mayTakeUp, onTakeUp }: HeldTicketsProps) {
  const t = useTranslations("till");
  return tickets.map((ticket) => (
    <div
      key={ticket.id}
      className="mx-5 mt-3 flex items-center gap-3 rounded-xl bg-warn-soft px-4 py-2 text-warn"
    >
      <p className="flex-1">{t("refusedTicket", { count: ticket.lines.length })}</p>
      <Button size="lg" disabled={!mayTakeUp} onClick={() => onTakeUp(ticket)}>
        {t("takeUp")}
      </Button>
    </div>
  ));
}
