// Closing a register: count the drawer, then see what was expected.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { posCloseShift } from "@/api";
import { Button, buttonStyle } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { inputStyle } from "@/ui/field";
import { useMoney } from "@/ui/money";
import { Refusal } from "@/ui/states";

import { denominations } from "./denominations";
import { REGISTERS } from "./queries";
import type { Shift } from "./types";

interface CloseShiftProps {
  isOpen: boolean;
  shiftId: string;
  currency: string;
  unsent: number;
  hasTicket: boolean;
  onClose: () => void;
}

export function CloseShift({ isOpen, shiftId, currency, unsent, hasTicket, onClose }: CloseShiftProps) {
  const t = useTranslations("till");
  const client = useQueryClient();
  const close = useMutation({
    mutationFn: (minor: number) =>
      posCloseShift({ path: { shift_id: shiftId }, body: { counted_minor: minor } }),
  });
  const leave = () => {
    onClose();
    if (close.data !== undefined) void client.invalidateQueries({ queryKey: REGISTERS });
  };
  return (
    <Dialog
      title={close.data === undefined ? t("closeShift") : t("shiftClosed")}
      isOpen={isOpen}
      onClose={leave}
    >
      {close.data !== undefined ? (
        <Result shift={close.data} onDone={leave} />
      ) : unsent > 0 || hasTicket ? (
        <p className="text-lg text-ink-2">
          {unsent > 0 ? t("sendFirst", { count: unsent }) : t("finishFirst")}
        </p>
      ) : (
        <Count
          currency={currency}
          failure={close.error}
          isBusy={close.isPending}
          onCount={(minor) => close.mutate(minor)}
        />
      )}
    </Dialog>
  );
}

interface CountProps {
  currency: string;
  failure: unknown;
  isBusy: boolean;
  onCount: (minor: number) => void;
}

function Count({ currency, failure, isBusy, onCount }: CountProps) {
  const t = useTranslations("till");
  const money = useMoney();
  const [pieces, setPieces] = useState<Record<number, string>>({});
  const values = denominations(currency);
  const isRead = Object.values(pieces).every((text) => text === "" || /^\d{1,5}$/.test(text));
  const total = values.reduce((sum, value) => sum + value * Number(pieces[value] ?? "0"), 0);
  return (
    <form
      className="grid gap-4 text-lg"
      onSubmit={(event) => {
        event.preventDefault();
        onCount(total);
      }}
    >
      <p className="text-ink-2">{t("countHint")}</p>
      <Refusal failure={failure} />
      <ul className="grid grid-cols-2 gap-x-6 gap-y-2 max-sm:grid-cols-1">
        {values.map((value, index) => (
          <li key={value} className="grid grid-cols-[5.5rem_1fr] items-center gap-2">
            <label htmlFor={`pieces-${value}`} className="num text-ink-2">
              {money(value, currency)} ×
            </label>
            <input
              id={`pieces-${value}`}
              inputMode="numeric"
              autoComplete="off"
              autoFocus={index === 0}
              className={`${inputStyle(!/^\d{0,5}$/.test(pieces[value] ?? ""), "lg")} tabular`}
              placeholder="0"
              value={pieces[value] ?? ""}
              onChange={(event) => setPieces({ ...pieces, [value]: event.target.value.trim() })}
            />
          </li>
        ))}
      </ul>
      <p aria-live="polite" className="flex items-baseline justify-between border-t border-line pt-3">
        <span className="text-ink-2">{t("counted")}</span>
        <span className="tabular text-3xl font-bold">{isRead ? money(total, currency) : "—"}</span>
      </p>
      <Button type="submit" kind="primary" size="xl" isBusy={isBusy} disabled={!isRead || isBusy}>
        {t("closeWithCount")}
      </Button>
    </form>
  );
}

function Result({ shift, onDone }: { shift: Shift; onDone: () => void }) {
  const t = useTranslations("till");
  const money = useMoney();
  const difference = shift.difference_minor ?? 0;
  const verdict = difference === 0 ? t("drawerRight") : difference > 0 ? t("drawerOver") : t("drawerShort");
  const rows = [
    [t("float"), shift.float_minor],
    [t("cashTaken"), shift.cash_minor],
    [t("expected"), shift.expected_minor ?? 0],
    [t("counted"), shift.counted_minor ?? 0],
  ] as const;
  return (
    <div className="grid gap-5 text-lg" role="status">
      <div
        className={`grid gap-1 rounded-xl p-4 ${difference === 0 ? "bg-ok-soft text-ok" : "bg-warn-soft text-warn"}`}
      >
        <p>{verdict}</p>
        <p className="tabular text-3xl font-bold" data-testid="difference">
          {money(difference, shift.currency)}
        </p>
      </div>
      <dl className="grid gap-2">
        {rows.map(([label, minor]) => (
          <div key={label} className="flex justify-between">
            <dt className="text-ink-2">{label}</dt>
            <dd className="tabular">{money(minor, shift.currency)}</dd>
          </div>
        ))}
        <div className="flex justify-between border-t border-line pt-2">
          <dt className="text-ink-2">{t("takingsOf", { count: shift.sales_count })}</dt>
          <dd className="tabular">{money(shift.takings_minor, shift.currency)}</dd>
        </div>
        {shift.refunds_count > 0 && (
          <div className="flex justify-between">
            <dt className="text-ink-2">{t("givenBack", { count: shift.refunds_count })}</dt>
            <dd className="tabular">{money(shift.refunded_minor, shift.currency)}</dd>
          </div>
        )}
      </dl>
      <div className="grid grid-cols-2 gap-2.5">
        <Link to="/sales" search={{ shift: shift.id }} className={buttonStyle("plain", "xl")}>
          {t("seeSales")}
        </Link>
        <Button kind="primary" size="xl" onClick={onDone}>
          {t("done")}
        </Button>
      </div>
    </div>
  );
}
