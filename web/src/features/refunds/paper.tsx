// The receipt of a refund as it looks on 80 mm paper.
import { useTranslations } from "use-intl";

import type { RefundOut } from "@/api";
import { Pair } from "@/features/sales/paper";
import { useAmount, useDecimal, useMoment, useQuantity } from "@/ui/money";

export function RefundPaper({ refund }: { refund: RefundOut }) {
  const t = useTranslations("sales");
  const r = useTranslations("refunds");
  const moment = useMoment();
  const amount = useAmount();
  const decimal = useDecimal();
  const quantity = useQuantity();
  const money = (minor: number) => amount(minor, refund.currency);
  const isRounded = refund.cash_rounding_minor !== 0;
  return (
    <article aria-label={r("receipt")} className="receipt-paper" data-testid="refund">
      <header>
        <h2>{refund.store.name}</h2>
        {refund.store.receipt_header.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </header>
      <p className="receipt-pair">
        <strong>{refund.receipt_number}</strong>
        <span>{moment(refund.refunded_at, refund.store.time_zone)}</span>
      </p>
      <p>{r("ofReceipt", { number: refund.sale_receipt_number })}</p>
      <p className="receipt-pair">
        <span>{refund.register_name}</span>
        <span>{t("cashierIs", { name: refund.cashier_name })}</span>
      </p>
      <ul className="receipt-lines">
        {refund.lines.map((line) => (
          <li key={line.line_id}>
            <p>{line.name}</p>
            <Pair
              label={
                line.goods === "damaged"
                  ? r("damagedQuantity", { quantity: quantity(line.quantity, line.unit) })
                  : quantity(line.quantity, line.unit)
              }
              value={money(line.total_minor)}
              isIndented
            />
          </li>
        ))}
      </ul>
      {refund.taxes.map((tax) => (
        <Pair
          key={tax.rate}
          label={t(refund.prices_include_tax ? "taxIncluded" : "taxAdded", {
            rate: decimal(tax.rate),
            net: money(tax.net_minor),
          })}
          value={money(tax.tax_minor)}
        />
      ))}
      <Pair
        label={`${r("worth")} ${refund.currency}`}
        value={money(refund.total_minor)}
        isLarge={!isRounded}
      />
      {isRounded && (
        <>
          <Pair label={t("rounding")} value={money(refund.cash_rounding_minor)} />
          <Pair label={`${r("paidOut")} ${refund.currency}`} value={money(refund.payable_minor)} isLarge />
        </>
      )}
      {refund.tenders.map((tender) => (
        <Pair
          key={tender.id}
          label={
            tender.kind === "cash"
              ? t("cash")
              : t("card", { brand: tender.card_brand ?? "", last4: tender.card_last4 ?? "" })
          }
          value={money(tender.amount_minor)}
        />
      ))}
      <p>{r("reasonIs", { reason: refund.reason })}</p>
      {refund.approved_by_name !== null && <p>{r("approvedBy", { name: refund.approved_by_name })}</p>}
      <footer>
        <p>{t("journal", { sequence: refund.journal.sequence, hash: refund.journal.hash.slice(0, 16) })}</p>
        {refund.store.receipt_footer.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </footer>
    </article>
  );
}
