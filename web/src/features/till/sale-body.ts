// The ticket as the program takes it.
import type { Discount } from "@/money/discount";

import type { DiscountBody, SaleBody, TenderBody } from "./outbox";
import type { Ticket } from "./ticket";

export interface Payment {
  tenders: TenderBody[];
  payableMinor: number;
  changeMinor: number;
}

function discountBody(discount: Discount | null): DiscountBody | null {
  if (discount === null) return null;
  return "percent" in discount
    ? { kind: "percent", value: discount.percent }
    : { kind: "amount", value_minor: discount.amountMinor };
}

export function saleBody(
  ticket: Ticket,
  place: { register: string; shift: string },
  totalMinor: number,
  tenders: TenderBody[],
): SaleBody {
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
  };
}
