// What of a sale is to come back, as somebody chooses it: what it is worth, and how it is given back. No React here.
import type { LineLeftOut, RefundIn, SaleLeftOut } from "@/api";
import { addQuantities, readQuantity } from "@/features/till/quantity";
import { giveBack, roundCashBack, toPayOut } from "@/money/refund";
import { type CashRounding, requireMode } from "@/money/rounding";

/** What is chosen of a line: the quantity as it was typed, and whether the goods are damaged. */
export interface Chosen {
  text: string;
  isDamaged: boolean;
}

export type Choice = Readonly<Record<string, Chosen>>;

/** How the money goes back: what the goods are worth, what is left of it after rounding, and in which ways. */
export interface Payout {
  totalMinor: number;
  payableMinor: number;
  cashMinor: number;
  cardMinor: number;
  hasCash: boolean;
}

export type Way = "cash" | "card";

/** What somebody typed about the card, if anything. */
export interface CardNote {
  reference: string;
  lastFour: string;
}

export const NOTHING: Chosen = { text: "", isDamaged: false };
const PLACES = 1000;

/** Return what is left of a line, as exact text. */
export function leftOf(line: LineLeftOut): string {
  const thousandths = scaled(line.quantity) - scaled(line.refunded_quantity);
  const fraction = (thousandths % PLACES).toString().padStart(3, "0").replace(/0+$/, "");
  const whole = Math.floor(thousandths / PLACES);
  return fraction === "" ? `${whole}` : `${whole}.${fraction}`;
}

/** Return everything that is left, chosen. */
export function everything(left: SaleLeftOut): Choice {
  return Object.fromEntries(
    left.lines
      .filter((line) => leftOf(line) !== "0")
      .map((line) => [line.line_id, { text: leftOf(line), isDamaged: false }]),
  );
}

/** Return the quantity that is chosen of a line; null when what was typed is none, or is more than is left. */
export function quantityOf(line: LineLeftOut, chosen: Chosen): string | null {
  const quantity = readQuantity(chosen.text, line.unit);
  return quantity !== null && scaled(quantity) <= scaled(leftOf(line)) ? quantity : null;
}

/** Return the lines with something typed, each with its quantity. */
export function comingBack(
  left: SaleLeftOut,
  choice: Choice,
): { line: LineLeftOut; quantity: string | null }[] {
  return left.lines
    .filter((line) => (choice[line.line_id]?.text.trim() ?? "") !== "")
    .map((line) => ({ line, quantity: quantityOf(line, choice[line.line_id] ?? NOTHING) }));
}

/** Return what a quantity of a line is worth, by what it cost after all discounts. */
export function worthOf(left: SaleLeftOut, line: LineLeftOut, quantity: string): number {
  requireMode(left.rounding_mode);
  const sold = { quantity: line.quantity, netMinor: line.net_minor, taxMinor: line.tax_minor };
  const { netMinor, taxMinor } = giveBack(sold, line.refunded_quantity, quantity, left.rounding_mode);
  return netMinor + taxMinor;
}

/** Return how a choice is paid out; null while it is empty or wrong. Onto cards goes no more than they paid. */
export function payoutOf(
  left: SaleLeftOut,
  choice: Choice,
  way: Way,
  rounding: CashRounding | null,
): Payout | null {
  const coming = comingBack(left, choice);
  if (coming.length === 0 || coming.some(({ quantity }) => quantity === null)) return null;
  const totalMinor = coming.reduce(
    (sum, { line, quantity }) => sum + worthOf(left, line, quantity ?? "0"),
    0,
  );
  const chosen = new Map(coming.map(({ line, quantity }) => [line.line_id, quantity ?? "0"]));
  const isLast = left.lines.every(
    (line) =>
      scaled(addQuantities(line.refunded_quantity, chosen.get(line.line_id) ?? "0")) ===
      scaled(line.quantity),
  );
  const due = toPayOut(totalMinor, left.payable_minor, isLast);
  const cardMinor = way === "card" ? Math.min(due, left.card_minor) : 0;
  const hasCash = due > cardMinor || way === "cash";
  const cashMinor = hasCash ? roundCashBack(due - cardMinor, left.payable_minor - cardMinor, rounding) : 0;
  return { totalMinor, payableMinor: cashMinor + cardMinor, cashMinor, cardMinor, hasCash };
}

/** Return the lines of a choice as the program takes them. */
export function linesOf(left: SaleLeftOut, choice: Choice): RefundIn["lines"] {
  return comingBack(left, choice).flatMap(({ line, quantity }) =>
    quantity === null
      ? []
      : [
          {
            line_id: line.line_id,
            quantity,
            goods: choice[line.line_id]?.isDamaged === true ? "damaged" : "to_stock",
          },
        ],
  );
}

/** Return what is handed out and what goes onto the card, each with an id of its own. */
export function tendersOf(payout: Payout, card: CardNote, newId: () => string): RefundIn["tenders"] {
  const onCard = {
    id: newId(),
    kind: "card" as const,
    amount_minor: payout.cardMinor,
    ...(card.reference.trim() === "" ? {} : { reference: card.reference.trim() }),
    ...(card.lastFour === "" ? {} : { card_last4: card.lastFour }),
  };
  const inCash = { id: newId(), kind: "cash" as const, amount_minor: payout.cashMinor };
  return [...(payout.cardMinor > 0 ? [onCard] : []), ...(payout.hasCash ? [inCash] : [])];
}

/** Quantities are below 10^7 with three decimals: as thousandths they are whole numbers that are held exactly. */
function scaled(quantity: string): number {
  const [whole = "0", fraction = ""] = quantity.split(".");
  return Number(whole) * PLACES + Number(fraction.padEnd(3, "0"));
}
