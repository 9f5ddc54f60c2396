// The ticket: its lines, its sums, and what is due.
import { Minus, Percent, Plus, Tag, Trash2, Undo2 } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { useTranslations } from "use-intl";

import { useSession } from "@/app/session";
import type { PricedLine, PricedTicket } from "@/money/ticket";
import { Button } from "@/ui/button";
import { Kbd } from "@/ui/marks";
import { useAmount, useDecimal, useMoney, usePrice } from "@/ui/money";

import type { Change, Line, Ticket } from "./ticket";
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
        <ol className="min-h-0 overflow-auto py-1" aria-label={t("ticketLines")}>
          {ticket.lines.map((line, index) => (
            <LineRow
              key={line.id}
              line={line}
              priced={prices?.lines[index]}
              currency={counting.currency}
              isSelected={line.id === ticket.selected}
              mayDiscount={may("pos.discount")}
              change={change}
              onQuantity={props.onQuantity}
              onDiscount={props.onLineDiscount}
            />
          ))}
        </ol>
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

interface LineRowProps {
  line: Line;
  priced: PricedLine | undefined;
  currency: string;
  isSelected: boolean;
  mayDiscount: boolean;
  change: (change: Change) => void;
  onQuantity: () => void;
  onDiscount: () => void;
}

const LineRow = memo(function LineRow(props: LineRowProps) {
  const { line, priced, currency, isSelected, change } = props;
  const t = useTranslations("till");
  const price = usePrice();
  const amount = useAmount();
  const decimal = useDecimal();
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: "nearest" });
  }, [isSelected, line.quantity]);
  const unit = line.tile.unit === "piece" ? "" : ` ${line.tile.unit}`;
  return (
    <li ref={row} className={isSelected ? "bg-accent-soft" : ""}>
      <button
        type="button"
        aria-current={isSelected}
        onClick={() => change({ kind: "select", line: line.id })}
        className="grid w-full grid-cols-[3.5rem_1fr_auto] gap-2 px-5 py-2.5 text-start"
      >
        <span className="tabular font-semibold">{`${decimal(line.quantity)}${unit} ×`}</span>
        <span className="min-w-0">
          <span className="block break-words">{line.tile.name}</span>
          <span className="block text-sm text-ink-3">
            {t("each", { price: price(line.tile.price, currency) })}
            {line.tile.sku !== null && ` · ${line.tile.sku}`}
          </span>
          {priced !== undefined && priced.discountMinor > 0 && (
            <span className="block text-sm text-accent">
              {t("lineDiscount", { amount: amount(-priced.discountMinor, currency) })}
            </span>
          )}
        </span>
        <span className="num">
          {priced === undefined ? "" : amount(priced.listMinor - priced.discountMinor, currency)}
        </span>
      </button>
      {isSelected && (
        <div className="flex gap-2 px-5 pb-3">
          <LineAct label={t("less")} onClick={() => change({ kind: "less", line: line.id })}>
            <Minus size={18} aria-hidden />
          </LineAct>
          <LineAct label={t("more")} onClick={() => change({ kind: "more", line: line.id })}>
            <Plus size={18} aria-hidden />
          </LineAct>
          <button type="button" onClick={props.onQuantity} className={`${ACT} px-4 text-base`}>
            {t("quantity")}
          </button>
          {props.mayDiscount && (
            <LineAct label={t("discount")} onClick={props.onDiscount}>
              <Percent size={17} aria-hidden />
            </LineAct>
          )}
          <div className="flex-1" />
          <LineAct label={t("remove")} onClick={() => change({ kind: "remove", line: line.id })}>
            <Trash2 size={17} aria-hidden />
          </LineAct>
        </div>
      )}
    </li>
  );
});

const ACT =
  "inline-flex min-h-11 min-w-11 items-center justify-center rounded-lg border border-line bg-panel text-ink-2";

function LineAct({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick} className={ACT}>
      {children}
    </button>
  );
}

function Sums({ prices, counting, onTender }: TicketPanelProps) {
  const t = useTranslations("till");
  const amount = useAmount();
  const money = useMoney();
  const decimal = useDecimal();
  const code = counting.currency;
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
      <div className="mt-1 mb-3 flex items-baseline justify-between" aria-live="polite">
        <span className="text-ink-2">{t("due")}</span>
        <output className="tabular text-[2.75rem] leading-12 font-bold tracking-tight" data-testid="due">
          {money(prices?.totalMinor ?? 0, code)}
        </output>
      </div>
      <div className="grid grid-cols-[2fr_1fr] gap-2.5">
        <Button kind="primary" size="xl" disabled={prices === null} onClick={() => onTender("cash")}>
          {t("cash")} <Kbd>{"F9"}</Kbd>
        </Button>
        <Button size="xl" disabled={prices === null} onClick={() => onTender("card")}>
          {t("card")} <Kbd>{"F8"}</Kbd>
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
