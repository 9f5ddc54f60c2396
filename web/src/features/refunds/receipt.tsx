// One receipt of a refund, ready to print.
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft, Printer } from "lucide-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";

import { refundTextOf } from "@/addresses";
import { useLanguage } from "@/i18n/provider";
import { Button, buttonStyle } from "@/ui/button";
import { SkeletonRows } from "@/ui/marks";
import { ErrorState } from "@/ui/states";

import { RefundPaper } from "./paper";
import { useRefund } from "./queries";

export function RefundReceiptPage() {
  // This page stands outside the back office and speaks its words.
  return useLanguage().isWhole ? <Receipt /> : <SkeletonRows />;
}

function Receipt() {
  const t = useTranslations("sales");
  const r = useTranslations("refunds");
  const { refundId } = useParams({ from: "/guarded/refund-receipt/$refundId" });
  const { print } = useSearch({ from: "/guarded/refund-receipt/$refundId" });
  const { language } = useLanguage();
  const refund = useRefund(refundId);
  const number = refund.data?.receipt_number;

  useEffect(() => {
    if (number === undefined) return;
    document.title = number;
    if (print !== undefined) window.print();
  }, [number, print]);

  if (refund.isError) return <ErrorState failure={refund.error} onRetry={() => void refund.refetch()} />;
  if (refund.isPending) return <SkeletonRows />;
  return (
    <main className="min-h-full p-6 print:p-0">
      <h1 className="sr-only">{r("receipt")}</h1>
      <div className="mx-auto mb-6 flex max-w-md flex-wrap justify-center gap-2 print:hidden">
        <Link to="/refunds" search={{ refund: refundId }} className={buttonStyle("quiet", "lg")}>
          <ArrowLeft size={16} aria-hidden className="rtl:rotate-180" />
          {r("all")}
        </Link>
        <a
          href={refundTextOf(refundId, language === "ru" ? "ru" : "en")}
          className={buttonStyle("plain", "lg")}
        >
          {t("asText")}
        </a>
        <Button kind="primary" size="lg" onClick={() => window.print()}>
          <Printer size={16} aria-hidden />
          {t("print")}
        </Button>
      </div>
      <RefundPaper refund={refund.data} />
    </main>
  );
}
