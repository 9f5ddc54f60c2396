// The selling screen: finder, ticket and tender, driven by touch, keyboard or scanner alone.
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useTranslations } from "use-intl";

import { posApproveSale } from "@/api";
import { useSession } from "@/app/session";
import { ApiProblem } from "@/http";
import { useMoney } from "@/ui/money";
import { useExplained } from "@/ui/states";
import { useTitle } from "@/ui/title";

import { ApprovalDialog } from "./approval";
import { CloseShift } from "./close-shift";
import { commandOf } from "./commands";
import { Done } from "./done";
import { DiscountDialog } from "./discount";
import { Finder } from "./finder";
import { HeldTickets, useHeld } from "./held";
import { KeysDialog } from "./keys-dialog";
import { Notice, type NoticeText } from "./notice";
import type { SaleBody, SoldAnswer } from "./outbox";
import { QuantityDialog } from "./quantity-dialog";
import { REGISTERS, useByCode, useFreshTiles } from "./queries";
import { exactPayment, hasDiscount, saleBody, type Payment } from "./sale-body";
import { StatusBar } from "./status-bar";
import { Tender } from "./tender";
import { priced } from "./ticket";
import { TicketPanel } from "./ticket-panel";
import type { Counting, Register, Tile } from "./types";
import { useKeys } from "./use-keys";
import { type Refused, useOutbox } from "./use-outbox";
import { useScanner } from "./use-scanner";
import { useTicket } from "./use-ticket";

const DISCOUNT = "pos.discount";

interface SellingProps {
  register: Register;
  shift: NonNullable<Register["open_shift"]>;
  zone: string;
  counting: Counting;
  onLeave: () => void;
}

type Step =
  | { at: "sell" }
  | { at: "tender"; kind: "cash" | "card" }
  | { at: "done"; saleId: string; totalMinor: number; changeMinor: number; sold: SoldAnswer | null };

/** A ticket that somebody else has to approve before it is sold. */
interface Asked {
  sale: SaleBody;
  payment: Payment;
}

/** Money is given back more seldom than taken: its screen comes when it is wanted. */
const RefundAtTill = lazy(() =>
  import("@/features/refunds/at-till").then(({ RefundAtTill }) => ({ default: RefundAtTill })),
);

type Overlay = "none" | "keys" | "refund" | "close" | "quantity" | "lineDiscount" | "ticketDiscount";

export function Selling({ register, shift, zone, counting, onLeave }: SellingProps) {
  const t = useTranslations("till");
  const p = useTranslations("pins");
  const money = useMoney();
  useTitle(register.name);
  const [ticket, change] = useTicket(register.id);
  const [step, setStep] = useState<Step>({ at: "sell" });
  const [overlay, setOverlay] = useState<Overlay>("none");
  const [asked, setAsked] = useState<Asked | null>(null);
  const { session, may } = useSession();
  const station = session?.station ?? null;
  const [notice, setNotice] = useState<NoticeText | null>(null);
  const explained = useExplained();
  const queries = useQueryClient();
  const byCode = useByCode(register.store_id);
  const prices = useMemo(() => priced(ticket, counting), [ticket, counting]);
  const line = ticket.lines.find((one) => one.id === ticket.selected);

  const held = useHeld(register.id);
  const freshTiles = useFreshTiles(register.store_id);
  const outbox = useOutbox(register.id, {
    onSold: (sold) => {
      held.forget(sold.id);
      setStep((now) => (now.at === "done" && now.saleId === sold.id ? { ...now, sold } : now));
      void queries.invalidateQueries({ queryKey: ["till", "find"] });
    },
    onRefused: (refused) => void takeBack(refused),
  });

  /** A refused sale comes back as the ticket it was; if the next customer's has begun, it waits to be taken up. */
  async function takeBack({ sale, failure }: Refused) {
    setStep((now) => (now.at === "done" && now.saleId === sale.id ? { at: "sell" } : now));
    setNotice({ tone: "bad", text: t("saleRefused", { reason: explained(failure).text }), isSticky: true });
    if (failure.code === "pos.shift_closed") await queries.invalidateQueries({ queryKey: REGISTERS });
    const tiles = failure.code === "pos.total_changed" ? await freshTiles(held.tilesOf(sale.id)) : [];
    held.giveBack(sale.id, tiles);
  }

  const add = useCallback(
    (tile: Tile, quantity?: string) => {
      setStep({ at: "sell" });
      setNotice(null);
      change(quantity === undefined ? { kind: "add", tile } : { kind: "add", tile, quantity });
      if (tile.unit !== "piece" && quantity === undefined) setOverlay("quantity");
    },
    [change],
  );

  const scan = useCallback(
    (code: string) => {
      byCode(code)
        .then((tile) => add(tile))
        .catch((failure: unknown) => {
          const isUnknown = failure instanceof ApiProblem && failure.status === 404;
          setNotice({
            tone: "bad",
            text: isUnknown ? t("unknownCode", { code }) : explained(failure).text,
            isSticky: false,
          });
        });
    },
    [add, byCode, explained, t],
  );
  useScanner((code) => {
    // What is typed now is a PIN, or the number of a receipt.
    if (asked !== null || overlay === "refund") return;
    const kind = commandOf(code);
    if (kind === null) scan(code);
    else if (prices !== null && step.at === "sell" && overlay === "none") {
      pay(exactPayment(kind, prices.totalMinor, ticket.taken, counting.cashRounding));
    }
  });

  const next = useCallback(() => {
    setStep({ at: "sell" });
    setNotice(null);
  }, []);

  function pay(payment: Payment) {
    if (prices === null) return;
    const place = { register: register.id, shift: shift.id, mark: station?.mark ?? null };
    const body = saleBody(ticket, place, prices.totalMinor, payment.tenders);
    // What somebody else must approve is asked before the money is taken as paid.
    if (station && hasDiscount(body) && !may(DISCOUNT)) setAsked({ sale: body, payment });
    else complete(body, payment);
  }

  function complete(body: SaleBody, payment: Payment, approval?: string) {
    setAsked(null);
    held.keep(ticket);
    outbox.send(body, approval);
    setStep({
      at: "done",
      saleId: ticket.id,
      totalMinor: payment.payableMinor,
      changeMinor: payment.changeMinor,
      sold: null,
    });
    setNotice(null);
    change({ kind: "clear" });
  }

  const startTender = (kind: "cash" | "card") => {
    if (prices !== null) setStep({ at: "tender", kind });
  };

  useKeys(overlay === "none" && asked === null, {
    F2: () => document.getElementById("finder")?.focus(),
    F4: () => line !== undefined && setOverlay("lineDiscount"),
    F6: () => ticket.lines.length > 0 && setOverlay("ticketDiscount"),
    F7: () => may("pos.read_sales") && setOverlay("refund"),
    F8: () => startTender("card"),
    F9: () => startTender("cash"),
    F10: () => setOverlay("close"),
    Escape: () => (step.at === "done" ? next() : setStep({ at: "sell" })),
    "?": () => setOverlay("keys"),
    ArrowDown: () => change({ kind: "step", by: 1 }),
    ArrowUp: () => change({ kind: "step", by: -1 }),
    "+": () => line && change({ kind: "more", line: line.id }),
    "-": () => line && change({ kind: "less", line: line.id }),
    "*": () => line && setOverlay("quantity"),
    Delete: () => line && change({ kind: "remove", line: line.id }),
    Enter: () => step.at === "done" && next(),
    "ctrl+z": () => change({ kind: "undo" }),
  });

  const closeOverlay = () => setOverlay("none");
  return (
    <div className="grid h-full grid-rows-[auto_1fr] text-xl leading-6">
      <StatusBar
        register={register}
        shift={shift}
        zone={zone}
        outbox={outbox}
        onKeys={() => setOverlay("keys")}
        onRefund={() => setOverlay("refund")}
        onClose={() => setOverlay("close")}
        onLeave={onLeave}
      />
      <main className="grid min-h-0 grid-cols-[1fr_minmax(24rem,30rem)] max-lg:grid-cols-1 max-lg:grid-rows-[minmax(0,1fr)_auto]">
        <div className="grid min-h-0 min-w-0 grid-rows-[auto_1fr]">
          <div>
            <Notice notice={notice} onDismiss={() => setNotice(null)} />
            <HeldTickets
              tickets={held.refused}
              mayTakeUp={ticket.lines.length === 0}
              onTakeUp={(one) => {
                change({ kind: "restore", ticket: held.takeUp(one.id) ?? one });
                setStep({ at: "sell" });
              }}
            />
          </div>
          <Finder storeId={register.store_id} onPick={add} onCode={scan} />
        </div>
        <div className="grid min-h-0 border-s border-line bg-panel max-lg:max-h-[62dvh] max-lg:border-s-0 max-lg:border-t">
          {step.at === "done" ? (
            <Done {...step} currency={counting.currency} onNext={next} />
          ) : step.at === "tender" && prices !== null ? (
            <Tender
              key={step.kind}
              startWith={step.kind}
              prices={prices}
              taken={ticket.taken}
              counting={counting}
              onTake={(tender) => change({ kind: "take", tender })}
              onGiveBack={(tender) => change({ kind: "giveBack", tender })}
              onPay={pay}
              onBack={() => setStep({ at: "sell" })}
            />
          ) : (
            <TicketPanel
              ticket={ticket}
              prices={prices}
              counting={counting}
              change={change}
              onTender={startTender}
              onQuantity={() => setOverlay("quantity")}
              onLineDiscount={() => setOverlay("lineDiscount")}
              onTicketDiscount={() => setOverlay("ticketDiscount")}
            />
          )}
        </div>
      </main>
      {asked !== null && (
        <ApprovalDialog
          right={DISCOUNT}
          text={p("approvalOf", { amount: money(prices?.discountMinor ?? 0, counting.currency) })}
          approve={(approverId, pin) =>
            posApproveSale({ body: { sale: asked.sale, approver_id: approverId, pin } })
          }
          onApproved={(token) => complete(asked.sale, asked.payment, token)}
          onClose={() => setAsked(null)}
        />
      )}
      {overlay === "refund" && (
        <Suspense fallback={null}>
          <RefundAtTill registerId={register.id} zone={zone} onClose={closeOverlay} />
        </Suspense>
      )}
      <KeysDialog isOpen={overlay === "keys"} onClose={closeOverlay} />
      <CloseShift
        isOpen={overlay === "close"}
        shiftId={shift.id}
        currency={counting.currency}
        unsent={outbox.unsent}
        hasTicket={ticket.lines.length > 0}
        onClose={closeOverlay}
      />
      {line !== undefined && (
        <QuantityDialog
          key={`quantity ${line.id}`}
          isOpen={overlay === "quantity"}
          line={line}
          onQuantity={(quantity) => change({ kind: "quantity", line: line.id, quantity })}
          onClose={closeOverlay}
        />
      )}
      {line !== undefined && (
        <DiscountDialog
          key={`discount ${line.id}`}
          isOpen={overlay === "lineDiscount"}
          title={t("discountOn", { name: line.tile.name })}
          currency={counting.currency}
          discount={line.discount}
          onDiscount={(discount) => change({ kind: "discountLine", line: line.id, discount })}
          onClose={closeOverlay}
        />
      )}
      <DiscountDialog
        key={`ticket ${ticket.id}`}
        isOpen={overlay === "ticketDiscount"}
        title={t("discountTicket")}
        currency={counting.currency}
        discount={ticket.discount}
        onDiscount={(discount) => change({ kind: "discountTicket", discount })}
        onClose={closeOverlay}
      />
    </div>
  );
}
