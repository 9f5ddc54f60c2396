// Taking the money: cash with quick amounts, card, or both; what is missing or given back is always in sight.
import { ArrowLeft, Banknote, CreditCard, X } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import { newId } from "@/ids";
import { TenderTooHigh, TenderTooLow } from "@/money/errors";
import { roundCashDue } from "@/money/rounding";
import { type Settlement, settle } from "@/money/tender";
import type { PricedTicket } from "@/money/ticket";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { Kbd } from "@/ui/marks";
import { useMoney } from "@/ui/money";
import { MoneyInput } from "@/ui/money-input";

import { quickAmounts } from "./denominations";
import type { TenderBody } from "./outbox";
import type { Payment } from "./sale-body";
import type { Counting } from "./types";

interface TenderProps {
  startWith: "cash" | "card";
  prices: PricedTicket;
  /** What was already taken towards the ticket. */
  taken: readonly TenderBody[];
  counting: Counting;
  onTake: (tender: TenderBody) => void;
  onGiveBack: (tender: string) => void;
  onPay: (payment: Payment) => void;
  onBack: () => void;
}

type Settled = { settlement: Settlement } | { missingMinor: number } | { excessMinor: number };

function settled(totalMinor: number, tenders: readonly TenderBody[], counting: Counting): Settled {
  try {
    const given = tenders.map((one) => ({ kind: one.kind, amountMinor: one.amount_minor }));
    return { settlement: settle(totalMinor, given, counting.cashRounding) };
  } catch (refusal) {
    if (refusal instanceof TenderTooLow) return { missingMinor: refusal.missingMinor };
    if (refusal instanceof TenderTooHigh) return { excessMinor: refusal.excessMinor };
    throw refusal;
  }
}

export function Tender(props: TenderProps) {
  const { startWith, prices, taken, counting, onTake, onGiveBack, onPay, onBack } = props;
  const t = useTranslations("till");
  const money = useMoney();
  const [kind, setKind] = useState(startWith);
  const code = counting.currency;
  const paid = taken.reduce((sum, one) => sum + one.amount_minor, 0);
  const left = prices.totalMinor - paid;
  const asked = kind === "cash" ? roundCashDue(left, counting.cashRounding) : left;

  const take = (tender: TenderBody) => {
    const tenders = [...taken, tender];
    const result = settled(prices.totalMinor, tenders, counting);
    if ("settlement" in result) {
      const { payableMinor, changeMinor } = result.settlement;
      onPay({ tenders, payableMinor, changeMinor });
    } else if ("missingMinor" in result) {
      onTake(tender);
    }
  };

  return (
    <section aria-label={t("payment")} className="grid min-h-0 grid-rows-[auto_1fr] overflow-auto">
      <div className="flex min-h-13 items-center border-b border-line-2 px-3">
        <button
          type="button"
          onClick={onBack}
          className="inline-flex min-h-11 items-center gap-2 rounded-lg px-2 text-ink-2"
        >
          <ArrowLeft size={18} aria-hidden className="rtl:rotate-180" />
          {t("backToTicket")} <Kbd>{"Esc"}</Kbd>
        </button>
      </div>
      <div className="grid content-start gap-5 p-5">
        <div>
          <p className="text-ink-2">{taken.length === 0 ? t("due") : t("stillDue")}</p>
          <p aria-live="polite" className="tabular text-[2.75rem] leading-12 font-bold tracking-tight">
            {money(asked, code)}
          </p>
          {asked !== left && (
            <p className="text-base text-ink-3">{t("roundedFrom", { amount: money(left, code) })}</p>
          )}
        </div>
        {taken.length > 0 && (
          <ul className="grid gap-2">
            {taken.map((one) => (
              <li key={one.id} className="flex items-center justify-between rounded-xl bg-line-2 ps-4">
                <span>{t(one.kind)}</span>
                <span className="flex items-center gap-1">
                  <span className="tabular">{money(one.amount_minor, code)}</span>
                  <button
                    type="button"
                    aria-label={t("remove")}
                    className="inline-flex size-11 items-center justify-center text-ink-2"
                    onClick={() => onGiveBack(one.id)}
                  >
                    <X size={16} aria-hidden />
                  </button>
                </span>
              </li>
            ))}
          </ul>
        )}
        <div role="group" aria-label={t("payBy")} className="grid grid-cols-2 gap-1 rounded-xl bg-line-2 p-1">
          <Choice isOn={kind === "cash"} onClick={() => setKind("cash")}>
            <Banknote size={18} aria-hidden /> {t("cash")}
          </Choice>
          <Choice isOn={kind === "card"} onClick={() => setKind("card")}>
            <CreditCard size={18} aria-hidden /> {t("card")}
          </Choice>
        </div>
        {kind === "cash" ? (
          <CashForm key={`cash ${left}`} asked={asked} code={code} onTake={take} />
        ) : (
          <CardForm key={`card ${left}`} asked={asked} code={code} onTake={take} />
        )}
      </div>
    </section>
  );
}

function Choice({ isOn, ...rest }: React.ButtonHTMLAttributes<HTMLButtonElement> & { isOn: boolean }) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      {...rest}
      className={`inline-flex min-h-11 items-center justify-center gap-2 rounded-lg ${isOn ? "bg-panel font-semibold text-ink shadow-1" : "text-ink-2"}`}
    />
  );
}

interface FormProps {
  asked: number;
  code: string;
  onTake: (tender: TenderBody) => void;
}

function CashForm({ asked, code, onTake }: FormProps) {
  const t = useTranslations("till");
  const money = useMoney();
  const [given, setGiven] = useState<number | null>(null);
  const take = (amount: number) => onTake({ id: newId(), kind: "cash", amount_minor: amount });
  const change = given === null ? 0 : given - asked;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        take(given ?? asked);
      }}
    >
      <div className="grid grid-cols-3 gap-2.5">
        {quickAmounts(asked, code).map((amount) => (
          <Button key={amount} size="xl" className="tabular !px-1" onClick={() => take(amount)}>
            {amount === asked ? t("exact") : money(amount, code)}
          </Button>
        ))}
      </div>
      <MoneyInput
        label={t("given")}
        currency={code}
        minor={given}
        onMinor={setGiven}
        inputSize="lg"
        autoFocus
      />
      <p aria-live="polite" className="flex min-h-7 items-baseline justify-between text-ink-2">
        {given !== null && (
          <>
            <span>{change >= 0 ? t("change") : t("missing")}</span>
            <span className="tabular text-2xl font-semibold text-ink">{money(Math.abs(change), code)}</span>
          </>
        )}
      </p>
      <Button type="submit" kind="primary" size="xl" disabled={given === 0 && asked > 0}>
        {given !== null && change < 0 ? t("takePart") : t("pay")} <Kbd>{"Enter"}</Kbd>
      </Button>
    </form>
  );
}

function CardForm({ asked, code, onTake }: FormProps) {
  const t = useTranslations("till");
  const [amount, setAmount] = useState<number | null>(asked);
  const [lastFour, setLastFour] = useState("");
  const [reference, setReference] = useState("");
  const isLastFourWrong = lastFour !== "" && !/^\d{4}$/.test(lastFour);
  const isAmountWrong = amount === null || amount <= 0 || amount > asked;
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (amount === null) return;
        onTake({
          id: newId(),
          kind: "card",
          amount_minor: amount,
          ...(reference.trim() === "" ? {} : { reference: reference.trim() }),
          ...(lastFour === "" ? {} : { card_last4: lastFour }),
        });
      }}
    >
      <p className="text-base text-ink-2">{t("cardHint")}</p>
      <MoneyInput
        label={t("onCard")}
        currency={code}
        minor={amount}
        onMinor={setAmount}
        inputSize="lg"
        autoFocus
      />
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t("lastFour")}
          inputMode="numeric"
          inputSize="lg"
          autoComplete="off"
          maxLength={4}
          value={lastFour}
          error={isLastFourWrong ? t("lastFourWrong") : undefined}
          onChange={(event) => setLastFour(event.target.value)}
        />
        <TextField
          label={t("reference")}
          inputSize="lg"
          autoComplete="off"
          maxLength={64}
          value={reference}
          onChange={(event) => setReference(event.target.value)}
        />
      </div>
      <Button type="submit" kind="primary" size="xl" disabled={isAmountWrong || isLastFourWrong}>
        {amount !== null && amount < asked ? t("takePart") : t("pay")} <Kbd>{"Enter"}</Kbd>
      </Button>
    </form>
  );
}
