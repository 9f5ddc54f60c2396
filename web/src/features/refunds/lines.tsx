// Which goods come back, and how many of what is left; damaged ones do not go back to stock.
import { Minus, Plus } from "lucide-react";
import { useTranslations } from "use-intl";

import type { LineLeftOut, SaleLeftOut } from "@/api";
import { addQuantities, lessOne } from "@/features/till/quantity";
import { Button, IconButton } from "@/ui/button";
import { inputStyle } from "@/ui/field";
import { useMoney, useQuantity } from "@/ui/money";

import { type Choice, type Chosen, everything, leftOf, NOTHING, quantityOf, worthOf } from "./choice";

interface RefundLinesProps {
  left: SaleLeftOut;
  choice: Choice;
  onChoice: (choice: Choice) => void;
}

export function RefundLines({ left, choice, onChoice }: RefundLinesProps) {
  const t = useTranslations("refunds");
  return (
    <div className="grid gap-2">
      <div className="flex items-center justify-between gap-2">
        <h3 className="text-sm font-medium text-ink-2">{t("goods")}</h3>
        <Button onClick={() => onChoice(everything(left))}>{t("everything")}</Button>
      </div>
      <ul className="grid rounded-xl border border-line">
        {left.lines.map((line) => (
          <Line
            key={line.line_id}
            left={left}
            line={line}
            chosen={choice[line.line_id] ?? NOTHING}
            onChosen={(chosen) => onChoice({ ...choice, [line.line_id]: chosen })}
          />
        ))}
      </ul>
    </div>
  );
}

interface LineProps {
  left: SaleLeftOut;
  line: LineLeftOut;
  chosen: Chosen;
  onChosen: (chosen: Chosen) => void;
}

function Line({ left, line, chosen, onChosen }: LineProps) {
  const t = useTranslations("refunds");
  const money = useMoney();
  const quantity = useQuantity();
  const rest = leftOf(line);
  const isTyped = chosen.text.trim() !== "";
  const coming = isTyped ? quantityOf(line, chosen) : null;
  const isWrong = isTyped && coming === null;
  const type = (text: string) => onChosen({ ...chosen, text });
  return (
    <li className="grid gap-2 border-b border-line-2 px-3 py-2.5 last:border-b-0">
      <div className="flex items-baseline justify-between gap-3">
        <span className="font-medium break-words">{line.name}</span>
        <span className="num">{coming !== null && money(worthOf(left, line, coming), left.currency)}</span>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="text-sm text-ink-2">
          {rest === "0"
            ? t("allBack", { sold: quantity(line.quantity, line.unit) })
            : t("left", { left: quantity(rest, line.unit), sold: quantity(line.quantity, line.unit) })}
        </span>
        {rest !== "0" && (
          <span className="flex items-center gap-1">
            <IconButton
              label={t("less", { name: line.name })}
              isLarge
              onClick={() => type(coming === null ? "" : (lessOne(coming) ?? ""))}
            >
              <Minus size={16} aria-hidden />
            </IconButton>
            <input
              aria-label={t("quantityOf", { name: line.name })}
              inputMode={line.unit === "piece" ? "numeric" : "decimal"}
              autoComplete="off"
              placeholder="0"
              aria-invalid={isWrong}
              className={`${inputStyle(isWrong)} tabular !min-h-11 !w-20 text-center`}
              value={chosen.text}
              onChange={(event) => type(event.target.value)}
            />
            <IconButton
              label={t("more", { name: line.name })}
              isLarge
              onClick={() => type(coming === null ? "1" : addQuantities(coming, "1"))}
            >
              <Plus size={16} aria-hidden />
            </IconButton>
          </span>
        )}
      </div>
      {isWrong && (
        <p role="alert" className="text-sm text-bad">
          {t("quantityWrong", { left: quantity(rest, line.unit) })}
        </p>
      )}
      {isTyped && (
        <label className="flex min-h-9 items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-5"
            checked={chosen.isDamaged}
            onChange={(event) => onChosen({ ...chosen, isDamaged: event.target.checked })}
          />
          {t("damaged")}
        </label>
      )}
    </li>
  );
}
