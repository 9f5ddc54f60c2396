// The ticket of a register: kept on the device, so that a reload or a dead battery loses nothing.
import { useEffect, useReducer } from "react";

import { type Change, changeTicket, emptyTicket, type Ticket } from "./ticket";

const key = (registerId: string) => `tradepost.ticket.${registerId}`;

function stored(registerId: string): Ticket {
  const text = localStorage.getItem(key(registerId));
  // What an older version of the app kept may lack what was added since.
  return text === null ? emptyTicket() : { ...emptyTicket(), ...(JSON.parse(text) as Partial<Ticket>) };
}

export function useTicket(registerId: string): [Ticket, (change: Change) => void] {
  const [ticket, change] = useReducer(changeTicket, registerId, stored);
  useEffect(() => {
    localStorage.setItem(key(registerId), JSON.stringify(ticket));
  }, [registerId, ticket]);
  return [ticket, change];
}
