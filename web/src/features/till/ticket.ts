// The ticket: what is being sold, as pure data. Every change gives a new ticket; the id is the sale's for ever.
import { newId } from "@/ids";
import { currency } from "@/money/currency";
import type { Discount } from "@/money/discount";
import { type PricedTicket, priceTicket } from "@/money/ticket";

import type { TenderBody } from "./outbox";
import { addQuantities, lessOne, placesOf } from "./quantity";
import type { Counting, Tile } from "./types";

export interface Line {
  readonly id: string;
  readonly tile: Tile;
  readonly quantity: string;
  readonly discount: Discount | null;
}

export interface Ticket {
  readonly id: string;
  readonly lines: readonly Line[];
  readonly discount: Discount | null;
  readonly selected: string | null;
  /** The last line that was taken off, to put it back. */
  readonly removed: { readonly line: Line; readonly at: number } | null;
  /** What was already taken towards it, such as one card of two: it must outlive a look at the ticket and a reload. */
  readonly taken: readonly TenderBody[];
}

export type Change =
  | { kind: "add"; tile: Tile; quantity?: string }
  | { kind: "select"; line: string }
  | { kind: "step"; by: 1 | -1 }
  | { kind: "more"; line: string }
  | { kind: "less"; line: string }
  | { kind: "quantity"; line: string; quantity: string }
  | { kind: "discountLine"; line: string; discount: Discount | null }
  | { kind: "discountTicket"; discount: Discount | null }
  | { kind: "take"; tender: TenderBody }
  | { kind: "giveBack"; tender: string }
  | { kind: "remove"; line: string }
  | { kind: "undo" }
  | { kind: "reprice"; tiles: readonly Tile[] }
  | { kind: "restore"; ticket: Ticket }
  | { kind: "clear" };

export function emptyTicket(): Ticket {
  return { id: newId(), lines: [], discount: null, selected: null, removed: null, taken: [] };
}

export function changeTicket(ticket: Ticket, change: Change): Ticket {
  switch (change.kind) {
    case "add":
      return add(ticket, change.tile, change.quantity ?? "1");
    case "select":
      return { ...ticket, selected: change.line };
    case "step":
      return step(ticket, change.by);
    case "more":
      return withLine(ticket, change.line, (line) => ({
        ...line,
        quantity: addQuantities(line.quantity, "1"),
      }));
    case "less":
      return less(ticket, change.line);
    case "quantity":
      return withLine(ticket, change.line, (line) => ({ ...line, quantity: change.quantity }));
    case "discountLine":
      return withLine(ticket, change.line, (line) => ({ ...line, discount: change.discount }));
    case "discountTicket":
      return { ...ticket, discount: change.discount };
    case "take":
      return { ...ticket, taken: [...ticket.taken, change.tender] };
    case "giveBack":
      return { ...ticket, taken: ticket.taken.filter((one) => one.id !== change.tender) };
    case "remove":
      return remove(ticket, change.line);
    case "undo":
      return undo(ticket);
    case "reprice":
      return reprice(ticket, change.tiles);
    case "restore":
      return change.ticket;
    case "clear":
      return emptyTicket();
  }
}

function add(ticket: Ticket, tile: Tile, quantity: string): Ticket {
  // A line with a discount of its own stays as it was agreed; more of the same starts a new line.
  const same = ticket.lines.find(
    (line) => line.tile.variant_id === tile.variant_id && line.discount === null,
  );
  if (same !== undefined && placesOf(tile.unit) === 0) {
    return withLine({ ...ticket, selected: same.id, removed: null }, same.id, (line) => ({
      ...line,
      quantity: addQuantities(line.quantity, quantity),
    }));
  }
  const line = { id: newId(), tile, quantity, discount: null };
  return { ...ticket, lines: [...ticket.lines, line], selected: line.id, removed: null };
}

function step(ticket: Ticket, by: 1 | -1): Ticket {
  const at = ticket.lines.findIndex((line) => line.id === ticket.selected);
  const next = ticket.lines[Math.min(Math.max(at + by, 0), ticket.lines.length - 1)];
  return next === undefined ? ticket : { ...ticket, selected: next.id };
}

function less(ticket: Ticket, id: string): Ticket {
  const line = ticket.lines.find((one) => one.id === id);
  const left = line === undefined ? null : lessOne(line.quantity);
  return left === null ? remove(ticket, id) : withLine(ticket, id, (one) => ({ ...one, quantity: left }));
}

function remove(ticket: Ticket, id: string): Ticket {
  const at = ticket.lines.findIndex((line) => line.id === id);
  const line = ticket.lines[at];
  if (line === undefined) return ticket;
  const lines = ticket.lines.filter((one) => one.id !== id);
  const selected = (lines[at] ?? lines[at - 1])?.id ?? null;
  return { ...ticket, lines, selected, removed: { line, at } };
}

function undo(ticket: Ticket): Ticket {
  if (ticket.removed === null) return ticket;
  const { line, at } = ticket.removed;
  return { ...ticket, lines: ticket.lines.toSpliced(at, 0, line), selected: line.id, removed: null };
}

function reprice(ticket: Ticket, tiles: readonly Tile[]): Ticket {
  const fresh = new Map(tiles.map((tile) => [tile.variant_id, tile]));
  return {
    ...ticket,
    lines: ticket.lines.map((line) => ({ ...line, tile: fresh.get(line.tile.variant_id) ?? line.tile })),
  };
}

function withLine(ticket: Ticket, id: string, change: (line: Line) => Line): Ticket {
  return { ...ticket, lines: ticket.lines.map((line) => (line.id === id ? change(line) : line)) };
}

/** Return the ticket's prices, by the very rules of the server; null while it is empty. Throws MoneyError. */
export function priced(ticket: Ticket, counting: Counting): PricedTicket | null {
  if (ticket.lines.length === 0) return null;
  return priceTicket({
    currency: currency(counting.currency),
    profile: counting.profile,
    cashRounding: counting.cashRounding,
    discount: ticket.discount,
    lines: ticket.lines.map((line) => ({
      unitPrice: line.tile.price,
      quantity: line.quantity,
      taxRate: line.tile.tax_rate,
      discount: line.discount,
      quantityPlaces: placesOf(line.tile.unit),
    })),
  });
}
