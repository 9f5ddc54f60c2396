// The ticket: how many lines, what can be put back, its sums, and what is due.
import { Tag, Undo2 } from "lucide-react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import type { PricedTicket } from "@/money/ticket";
import { Button } from "@/ui/button";
import { Kbd } from "@/ui/marks";
import { useAmount, useDecimal, useMoney } from "@/ui/money";

import type { Change, Ticket } from "./ticket";
import { TicketLines } from "./ticket-lines";
import type { Counting } from "./types";

interface TicketPanelProps {
  ticket: Ticket;
  prices: PricedTicket | null;
  counting: Counting;
  change: (change: Change) => void;
  onTender: (kind: "cash" | "card") => void;
  onQuantity: () => void;
  onLineDiscount: () => void;
  onTicketDiscount: () => void;
}

export function TicketPanel(props: TicketPanelProps) {
  const { ticket, prices, counting, change } = props;
  const t = useTranslations("till");
  const { may } = useSession();
  const removed = ticket.removed?.line.tile.name;
  return (
    <section aria-label={t("ticket")} className="grid min-h-0 grid-rows-[auto_1fr_auto_auto]">
      <div className="flex min-h-13 items-center justify-between gap-3 border-b border-line-2 px-5">
        <h2>
          <span className="font-semibold">{t("ticket")}</span>
          <span className="text-ink-2"> · {t("lines", { count: ticket.lines.length })}</span>
        </h2>
        {ticket.lines.length > 0 && may("pos.discount") && (
          <button
            type="button"
            onClick={props.onTicketDiscount}
            className="inline-flex min-h-11 items-center gap-1.5 rounded-lg px-2 text-base text-ink-2 hover:bg-line-2"
          >
            <Tag size={15} aria-hidden />
            {t("discount")}
            <span className="max-lg:hidden">
              <Kbd>{"F6"}</Kbd>
            </span>
          </button>
        )}
      </div>
      {ticket.lines.length === 0 ? (
        <p className="grid place-content-center p-8 text-center text-ink-3">{t("emptyTicket")}</p>
      ) : (
        <TicketLines
          ticket={ticket}
          priced={prices?.lines}
          currency={counting.currency}
          mayDiscount={may("pos.discount")}
          change={change}
          onQuantity={props.onQuantity}
          onDiscount={props.onLineDiscount}
        />
      )}
      <div aria-live="polite" className="px-5">
        {removed !== undefined && (
          <button
            type="button"
            onClick={() => change({ kind: "undo" })}
            className="mb-2 inline-flex min-h-11 max-w-full items-center gap-2 rounded-lg bg-line-2 px-3 text-base"
          >
            <Undo2 size={16} aria-hidden className="shrink-0" />
            <span className="truncate">{t("putBack", { name: removed })}</span>
          </button>
        )}
      </div>
      <Sums {...props} />
    </section>
  );
}

function Sums({ ticket, prices, counting, onTender }: TicketPanelProps) {
  const t = useTranslations("till");
  const amount = useAmount();
  const money = useMoney();
  const decimal = useDecimal();
  const code = counting.currency;
  const taken = ticket.taken.reduce((sum, one) => sum + one.amount_minor, 0);
  const taxName = counting.profile.pricesIncludeTax ? "taxIncluded" : "taxAdded";
  return (
    <div className="grid gap-1 border-t border-line px-5 pt-3 pb-5 max-lg:pb-3">
      {prices !== null && prices.discountMinor > 0 && (
        <>
          <SumRow label={t("subtotal")} value={amount(prices.subtotalMinor, code)} />
          <SumRow label={t("discounts")} value={amount(-prices.discountMinor, code)} />
        </>
      )}
      {prices?.taxes.map((tax) => (
        <SumRow
          key={`${tax.category} ${tax.rate}`}
          label={t(taxName, { rate: decimal(tax.rate) })}
          value={amount(tax.taxMinor, code)}
          isFaint
        />
      ))}
      {taken > 0 && <SumRow label={t("takenAlready")} value={amount(-taken, code)} />}
      <div className="mt-1 mb-3 flex items-baseline justify-between" aria-live="polite">
        <span className="text-ink-2">{t("due")}</span>
        <output className="tabular text-[2.75rem] leading-12 font-bold tracking-tight" data-testid="due">
          {money((prices?.totalMinor ?? 0) - taken, code)}
        </output>
      </div>
      <div className="grid grid-cols-[2fr_1fr] gap-2.5">
        <Button kind="primary" size="xl" disabled={prices === null} onClick={() => onTender("cash")}>
          {t("cash")}{" "}
          <span className="max-lg:hidden">
            <Kbd>{"F9"}</Kbd>
          </span>
        </Button>
        <Button size="xl" disabled={prices === null} onClick={() => onTender("card")}>
          {t("card")}{" "}
          <span className="max-lg:hidden">
            <Kbd>{"F8"}</Kbd>
          </span>
        </Button>
      </div>
    </div>
  );
}

function SumRow({ label, value, isFaint = false }: { label: string; value: string; isFaint?: boolean }) {
  return (
    <div className={`flex justify-between ${isFaint ? "text-base text-ink-3" : "text-ink-2"}`}>
      <span>{label}</span>
      <span className="tabular">{value}</span>
    </div>
  );
}
