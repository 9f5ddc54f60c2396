// The receipt as it looks on 80 mm paper; black on white in every appearance, because paper is.
import "./receipt.css";

import { useTranslations } from "use-intl";

import type { SaleOut } from "@/api";
import { useAmount, useDecimal, useMoment, usePrice, useQuantity } from "@/ui/money";

export function Paper({ sale }: { sale: SaleOut }) {
  const t = useTranslations("sales");
  const moment = useMoment();
  const amount = useAmount();
  const money = (minor: number) => amount(minor, sale.currency);
  const isRounded = sale.cash_rounding_minor !== 0;
  return (
    <article aria-label={t("receipt")} className="receipt-paper" data-testid="receipt">
      <header>
        <h2>{sale.store.name}</h2>
        {sale.store.receipt_header.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </header>
      <p className="receipt-pair">
        <strong>{sale.receipt_number}</strong>
        <span>{moment(sale.sold_at, sale.store.time_zone)}</span>
      </p>
      <p className="receipt-pair">
        <span>{sale.register_name}</span>
        <span>{t("cashierIs", { name: sale.cashier_name })}</span>
      </p>
      <Lines sale={sale} />
      {sale.discount_minor > 0 && (
        <>
          <Pair label={t("subtotal")} value={money(sale.subtotal_minor)} />
          <Pair label={t("discount")} value={money(-sale.discount_minor)} />
        </>
      )}
      <Taxes sale={sale} />
      <Pair label={`${t("total")} ${sale.currency}`} value={money(sale.total_minor)} isLarge={!isRounded} />
      {isRounded && (
        <>
          <Pair label={t("rounding")} value={money(sale.cash_rounding_minor)} />
          <Pair label={`${t("payable")} ${sale.currency}`} value={money(sale.payable_minor)} isLarge />
        </>
      )}
      {sale.tenders.map((tender) => (
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
      {sale.change_minor > 0 && <Pair label={t("change")} value={money(sale.change_minor)} />}
      <footer>
        <p>{t("journal", { sequence: sale.journal.sequence, hash: sale.journal.hash.slice(0, 16) })}</p>
        {sale.store.receipt_footer.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </footer>
    </article>
  );
}

function Lines({ sale }: { sale: SaleOut }) {
  const t = useTranslations("sales");
  const amount = useAmount();
  const price = usePrice();
  const quantity = useQuantity();
  return (
    <ul className="receipt-lines">
      {sale.lines.map((line) => {
        const discount = line.discount_minor + line.ticket_discount_minor;
        return (
          <li key={line.id}>
            <p>{line.name}</p>
            <Pair
              label={`${quantity(line.quantity, line.unit)} × ${price(line.unit_price, sale.currency)}`}
              value={amount(line.list_minor, sale.currency)}
              isIndented
            />
            {discount > 0 && (
              <Pair label={t("discount")} value={amount(-discount, sale.currency)} isIndented />
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Taxes({ sale }: { sale: SaleOut }) {
  const t = useTranslations("sales");
  const amount = useAmount();
  const decimal = useDecimal();
  const kind = sale.prices_include_tax ? "taxIncluded" : "taxAdded";
  return sale.taxes.map((tax) => (
    <Pair
      key={tax.rate}
      label={t(kind, { rate: decimal(tax.rate), net: amount(tax.net_minor, sale.currency) })}
      value={amount(tax.tax_minor, sale.currency)}
    />
  ));
}

interface PairProps {
  label: string;
  value: string;
  isLarge?: boolean;
  isIndented?: boolean;
}

export function Pair({ label, value, isLarge = false, isIndented = false }: PairProps) {
  return (
    <p className={`receipt-pair ${isLarge ? "receipt-large" : ""} ${isIndented ? "receipt-indent" : ""}`}>
      <span>{label}</span>
      <span>{value}</span>
    </p>
  );
}
