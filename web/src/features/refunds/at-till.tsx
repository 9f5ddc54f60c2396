// Goods come back at the till: find the sale by its receipt, then give money back, at this till.
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";

import { posListSales, type SaleSummaryOut } from "@/api";
import { useLanguage } from "@/i18n/provider";
import { Dialog } from "@/ui/dialog";
import { TextField } from "@/ui/field";
import { SkeletonRows } from "@/ui/marks";
import { Money, useMoment } from "@/ui/money";
import { EmptyState, ErrorState } from "@/ui/states";

import { RefundDialog } from "./dialog";

const SHOWN = 12;

interface RefundAtTillProps {
  registerId: string;
  zone: string;
  onClose: () => void;
}

export function RefundAtTill(props: RefundAtTillProps) {
  // It speaks the words of the back office, which the till does not wait for.
  return useLanguage().isWhole ? <Steps {...props} /> : null;
}

function Steps({ registerId, zone, onClose }: RefundAtTillProps) {
  const t = useTranslations("refunds");
  const [sale, setSale] = useState<SaleSummaryOut | null>(null);
  if (sale !== null) {
    return (
      <RefundDialog saleId={sale.id} number={sale.receipt_number} registerId={registerId} onClose={onClose} />
    );
  }
  return (
    <Dialog title={t("whichSale")} isOpen onClose={onClose} side>
      <FindSale zone={zone} onChoose={setSale} />
    </Dialog>
  );
}

function FindSale({ zone, onChoose }: { zone: string; onChoose: (sale: SaleSummaryOut) => void }) {
  const t = useTranslations("refunds");
  const moment = useMoment();
  const [number, setNumber] = useState("");
  const q = useDeferredValue(number.trim());
  const sales = useQuery({
    queryKey: ["sales", "at-till", q],
    queryFn: async ({ signal }) => (await posListSales({ query: { q, limit: SHOWN }, signal })).items,
  });
  return (
    <div className="grid gap-4">
      <TextField
        label={t("receiptNumber")}
        hint={t("receiptNumberHint")}
        inputSize="lg"
        autoComplete="off"
        maxLength={100}
        value={number}
        onChange={(event) => setNumber(event.target.value)}
      />
      {sales.isError ? (
        <ErrorState failure={sales.error} onRetry={() => void sales.refetch()} />
      ) : sales.isPending ? (
        <SkeletonRows rows={4} />
      ) : sales.data.length === 0 ? (
        <EmptyState title={t("noSale")}>{t("noSaleHint")}</EmptyState>
      ) : (
        <ul className="grid rounded-xl border border-line text-lg">
          {sales.data.map((sale) => (
            <li key={sale.id} className="border-b border-line-2 last:border-b-0">
              <button
                type="button"
                className="flex min-h-11 w-full flex-wrap items-baseline justify-between gap-x-3 px-3 py-2 text-start hover:bg-line-2"
                onClick={() => onChoose(sale)}
              >
                <span className="tabular font-medium">{sale.receipt_number}</span>
                <Money minor={sale.total_minor} currency={sale.currency} />
                <span className="w-full text-base text-ink-2">{moment(sale.sold_at, zone)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
