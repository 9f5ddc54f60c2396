// After payment: the change to give is the largest thing on the screen.
import { Link } from "@tanstack/react-router";
import { Check, Printer } from "lucide-react";
import { useTranslations } from "use-intl";

import { Button, buttonStyle } from "@/ui/button";
import { Kbd } from "@/ui/marks";
import { useMoney } from "@/ui/money";

import type { SoldAnswer } from "./outbox";

const NEXT = "next-customer";

interface DoneProps {
  saleId: string;
  totalMinor: number;
  changeMinor: number;
  sold: SoldAnswer | null;
  currency: string;
  onNext: () => void;
}

export function Done({ saleId, totalMinor, changeMinor, sold, currency, onNext }: DoneProps) {
  const t = useTranslations("till");
  const money = useMoney();
  return (
    <section aria-label={t("paid")} className="grid content-center gap-8 p-8">
      <div className="grid justify-items-center gap-3 text-center">
        <span className="grid size-14 place-content-center rounded-full bg-ok-soft text-ok">
          <Check size={30} aria-hidden />
        </span>
        <p className="text-ink-2" role="status">
          {sold === null ? t("confirming") : t("soldAs", { number: sold.receipt_number })}
        </p>
        <p className="tabular text-ink-2">{t("paidAmount", { amount: money(totalMinor, currency) })}</p>
      </div>
      <div className="grid justify-items-center gap-1 text-center">
        <p className="text-xl text-ink-2">{changeMinor > 0 ? t("giveBack") : t("noChange")}</p>
        <p className="tabular text-[3.5rem] leading-15 font-bold tracking-tight" data-testid="change">
          {money(changeMinor, currency)}
        </p>
      </div>
      <div className="grid gap-2.5">
        <Button id={NEXT} kind="primary" size="xl" onClick={onNext} autoFocus>
          {t("nextCustomer")} <Kbd>{"Enter"}</Kbd>
        </Button>
        {sold !== null && (
          <Link
            to="/receipt/$saleId"
            params={{ saleId }}
            search={{ print: "1" }}
            target="_blank"
            // Enter is for the next customer again, not for a second print.
            onClick={() => document.getElementById(NEXT)?.focus()}
            className={buttonStyle("plain", "xl")}
          >
            <Printer size={18} aria-hidden />
            {t("printReceipt")}
          </Link>
        )}
      </div>
    </section>
  );
}
