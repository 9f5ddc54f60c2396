// One receipt, ready to print.
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft, Printer } from "lucide-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";

import { receiptTextOf } from "@/addresses";
import { useLanguage } from "@/i18n/provider";
import { Button, buttonStyle } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState } from "@/ui/states";

import { Paper } from "./paper";
import { useSale } from "./queries";

export function ReceiptPage() {
  const t = useTranslations("sales");
  const { saleId } = useParams({ from: "/guarded/receipt/$saleId" });
  const { print } = useSearch({ from: "/guarded/receipt/$saleId" });
  const { language } = useLanguage();
  const sale = useSale(saleId);
  const number = sale.data?.receipt_number;

  useEffect(() => {
    if (number === undefined) return;
    document.title = number;
    if (print !== undefined) window.print();
  }, [number, print]);

  if (sale.isError) return <ErrorState failure={sale.error} onRetry={() => void sale.refetch()} />;
  if (sale.isPending) return <SkeletonRows />;
  return (
    <main className="min-h-full p-6 print:p-0">
      <h1 className="sr-only">{t("receipt")}</h1>
      <div className="mx-auto mb-6 flex max-w-md flex-wrap justify-center gap-2 print:hidden">
        <Link to="/sales" search={{ sale: saleId }} className={buttonStyle("quiet", "lg")}>
          <ArrowLeft size={16} aria-hidden className="rtl:rotate-180" />
          {t("backToSales")}
        </Link>
        <a
          href={receiptTextOf(saleId, language === "ru" ? "ru" : "en")}
          className={buttonStyle("plain", "lg")}
        >
          {t("asText")}
        </a>
        <Button kind="primary" size="lg" onClick={() => window.print()}>
          <Printer size={16} aria-hidden />
          {t("print")}
        </Button>
      </div>
      <Paper sale={sale.data} />
    </main>
  );
}
