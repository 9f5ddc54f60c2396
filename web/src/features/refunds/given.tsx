// After a refund: what to hand out is the largest thing, with the number and the receipt to print.
import { Link } from "@tanstack/react-router";
import { Check, Printer } from "lucide-react";
import { useTranslations } from "use-intl";

import type { RefundOut } from "@/api";
import { Button, buttonStyle } from "@/ui/button";
import { useMoney } from "@/ui/money";

export function Given({ refund, onDone }: { refund: RefundOut; onDone: () => void }) {
  const t = useTranslations("refunds");
  const money = useMoney();
  const sumOf = (kind: "cash" | "card") =>
    refund.tenders.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.amount_minor, 0);
  const [cash, card] = [sumOf("cash"), sumOf("card")];
  return (
    <div className="grid gap-6 py-4">
      <div className="grid justify-items-center gap-3 text-center" role="status">
        <span className="grid size-14 place-content-center rounded-full bg-ok-soft text-ok">
          <Check size={30} aria-hidden />
        </span>
        <p className="text-lg text-ink-2">{t("givenAs", { number: refund.receipt_number })}</p>
      </div>
      <div className="grid justify-items-center gap-1 text-center">
        <p className="text-lg text-ink-2">{cash > 0 || card === 0 ? t("handOut") : t("onTerminal")}</p>
        <p className="tabular text-[3rem] leading-15 font-bold tracking-tight" data-testid="handed-out">
          {money(cash > 0 || card === 0 ? cash : card, refund.currency)}
        </p>
        {cash > 0 && card > 0 && (
          <p className="text-lg text-ink-2">{t("andCard", { amount: money(card, refund.currency) })}</p>
        )}
      </div>
      <div className="grid gap-2.5">
        <Button kind="primary" size="xl" onClick={onDone}>
          {t("done")}
        </Button>
        <Link
          to="/refund-receipt/$refundId"
          params={{ refundId: refund.id }}
          search={{ print: "1" }}
          target="_blank"
          className={buttonStyle("plain", "xl")}
        >
          <Printer size={18} aria-hidden />
          {t("printReceipt")}
        </Link>
      </div>
    </div>
  );
}
