// The lines of the ticket. Only those in sight are drawn, so that the three hundredth scan is as quick as the first.
import { useVirtualizer } from "@tanstack/react-virtual";
import { Minus, Percent, Plus, Trash2 } from "lucide-react";
import { memo, useLayoutEffect, useRef } from "react";
import { useTranslations } from "use-intl";

import type { PricedLine } from "@/money/ticket";
import { useAmount, usePrice, useQuantity } from "@/ui/money";

import type { Change, Line, Ticket } from "./ticket";

interface TicketLinesProps {
  ticket: Ticket;
  priced: readonly PricedLine[] | undefined;
  currency: string;
  mayDiscount: boolean;
  change: (change: Change) => void;
  onQuantity: () => void;
  onDiscount: () => void;
}

const LINE_HEIGHT = 64;
const OVERSCAN = 6;

export function TicketLines(props: TicketLinesProps) {
  const { ticket, priced, currency, mayDiscount, change, onQuantity, onDiscount } = props;
  const { lines, selected } = ticket;
  const t = useTranslations("till");
  const scroller = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are called here and passed to no memo
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => lines[index]?.id ?? index,
  });
  const at = lines.findIndex((line) => line.id === selected);
  const quantity = lines[at]?.quantity;
  useLayoutEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [virtual, at, selected, quantity]);
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div ref={scroller} className="min-h-0 overflow-auto py-1">
      <ol aria-label={t("ticketLines")} style={{ paddingBlockStart: before, paddingBlockEnd: after }}>
        {items.map(({ index, key }) => {
          const line = lines[index];
          if (line === undefined) return null;
          return (
            <LineRow
              key={key}
              line={line}
              index={index}
              count={lines.length}
              measure={virtual.measureElement}
              priced={priced?.[index]}
              currency={currency}
              isSelected={index === at}
              mayDiscount={mayDiscount}
              change={change}
              onQuantity={onQuantity}
              onDiscount={onDiscount}
            />
          );
        })}
      </ol>
    </div>
  );
}

interface LineRowProps {
  line: Line;
  index: number;
  count: number;
  measure: (row: HTMLLIElement | null) => void;
  priced: PricedLine | undefined;
  currency: string;
  isSelected: boolean;
  mayDiscount: boolean;
  change: (change: Change) => void;
  onQuantity: () => void;
  onDiscount: () => void;
}

const LineRow = memo(function LineRow(props: LineRowProps) {
  const { line, priced, currency, isSelected, change, index, count, measure } = props;
  const t = useTranslations("till");
  const price = usePrice();
  const amount = useAmount();
  const quantity = useQuantity();
  return (
    <li
      ref={measure}
      data-index={index}
      aria-posinset={index + 1}
      aria-setsize={count}
      className={isSelected ? "bg-accent-soft" : ""}
    >
      <button
        type="button"
        aria-current={isSelected}
        onClick={() => change({ kind: "select", line: line.id })}
        className="grid w-full grid-cols-[3.5rem_1fr_auto] gap-2 px-5 py-2.5 text-start"
      >
        <span className="tabular font-semibold">{`${quantity(line.quantity, line.tile.unit)} ×`}</span>
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
