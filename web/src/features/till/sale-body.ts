// The ticket as the program takes it.
import { newId } from "@/ids";
import type { Discount } from "@/money/discount";
import { type CashRounding, roundCashDue } from "@/money/rounding";
import { settle } from "@/money/tender";

import type { DiscountBody, SaleBody, TenderBody } from "./outbox";
import type { Ticket } from "./ticket";

export interface Payment {
  tenders: TenderBody[];
  payableMinor: number;
  changeMinor: number;
}

/** Return the payment of all that is left in one tender: cash without change, or a card. */
export function exactPayment(
  kind: "cash" | "card",
  totalMinor: number,
  taken: readonly TenderBody[],
  rounding: CashRounding | null,
): Payment {
  const left = taken.reduce((sum, one) => sum - one.amount_minor, totalMinor);
  const amount = kind === "cash" ? roundCashDue(left, rounding) : left;
  const tenders = [...taken, { id: newId(), kind, amount_minor: amount }];
  const given = tenders.map((one) => ({ kind: one.kind, amountMinor: one.amount_minor }));
  const { payableMinor, changeMinor } = settle(totalMinor, given, rounding);
  return { tenders, payableMinor, changeMinor };
}

function discountBody(discount: Discount | null): DiscountBody | null {
  if (discount === null) return null;
  return "percent" in discount
    ? { kind: "percent", value: discount.percent }
    : { kind: "amount", value_minor: discount.amountMinor };
}

/** Where a ticket is rung up, and the mark of who does: it tells so even when the next cashier sends it. */
export interface Place {
  register: string;
  shift: string;
  mark: string | null;
}

export function saleBody(ticket: Ticket, place: Place, totalMinor: number, tenders: TenderBody[]): SaleBody {
  return {
    id: ticket.id,
    register_id: place.register,
    shift_id: place.shift,
    device_at: new Date().toISOString(),
    lines: ticket.lines.map((line) => ({
      id: line.id,
      variant_id: line.tile.variant_id,
      quantity: line.quantity,
      discount: discountBody(line.discount),
    })),
    discount: discountBody(ticket.discount),
    tenders,
    expected_total_minor: totalMinor,
    rung_up_by: place.mark,
  };
}

/** Whether a ticket has a discount, even one that takes nothing off: for the program that is a discount, too. */
export function hasDiscount(sale: SaleBody): boolean {
  return (sale.discount ?? null) !== null || sale.lines.some((line) => (line.discount ?? null) !== null);
}
