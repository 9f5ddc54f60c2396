// What was given back of a sale, beside the sale itself, and the way to give more of it back.
import { Link } from "@tanstack/react-router";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";

import type { SaleOut } from "@/api";
import { useSession } from "@/app/session";
import { Button } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { Money, useMoment } from "@/ui/money";
import { Refusal } from "@/ui/states";

import { leftOf } from "./choice";
import { RefundDialog } from "./dialog";
import { useLeft } from "./queries";

export function RefundsOfSale({ sale }: { sale: SaleOut }) {
  const t = useTranslations("refunds");
  const { session, may } = useSession();
  const [isOpen, setOpen] = useState(false);
  const moment = useMoment();
  const left = useLeft(sale.id);
  // Whoever may sell at a till that takes PINs can have somebody else approve it there.
  const mayRefund = may("pos.sell") && (may("pos.refund") || session?.station != null);
  if (left.isError) return <Refusal failure={left.error} />;
  if (left.isPending) return <SkeletonRows rows={2} />;
  const isAllBack = left.data.lines.every((line) => leftOf(line) === "0");
  return (
    <>
      {left.data.refunds.length > 0 && (
        <section aria-label={t("title")} className="grid gap-1">
          <h3 className="text-sm font-medium text-ink-2">{t("title")}</h3>
          <ul className="grid rounded-xl border border-line">
            {left.data.refunds.map((refund) => (
              <li key={refund.id} className="border-b border-line-2 last:border-b-0">
                <Link
                  to="/refunds"
                  search={{ refund: refund.id }}
                  className="flex flex-wrap items-baseline justify-between gap-x-3 px-3 py-2 hover:bg-line-2"
                >
                  <span className="tabular font-medium">{refund.receipt_number}</span>
                  <Money minor={refund.payable_minor} currency={refund.currency} />
                  <span className="w-full text-sm text-ink-2">
                    {moment(refund.refunded_at, sale.store.time_zone)} · {refund.reason}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      {isAllBack ? (
        <p className="text-ink-2">{t("nothingLeft")}</p>
      ) : (
        mayRefund && (
          <Button size="lg" onClick={() => setOpen(true)}>
            <Undo2 size={17} aria-hidden className="rtl:-scale-x-100" />
            {t("refund")}
          </Button>
        )
      )}
      {isOpen && (
        <RefundDialog saleId={sale.id} number={sale.receipt_number} onClose={() => setOpen(false)} />
      )}
    </>
  );
}
