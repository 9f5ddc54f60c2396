// The documents behind the figures: sales by business day, store and shift.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import type { SaleSummaryOut } from "@/api";
import { buttonStyle } from "@/ui/button";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { Badge, SkeletonRows } from "@/ui/marks";
import { Money } from "@/ui/money";
import { Page, SidePanel } from "@/ui/page";
import { EmptyState, ErrorState } from "@/ui/states";

import { Filters } from "./filters";
import { Paper } from "./paper";
import { useSale, useSales, useShopMoment } from "./queries";

export function SalesPage() {
  const t = useTranslations("sales");
  const search = useSearch({ from: "/guarded/shell/sales" });
  const navigate = useNavigate({ from: "/sales" });
  const moment = useShopMoment();
  const filters = { store: search.store, day: search.day, shift: search.shift };
  const sales = useSales(filters);
  const rows = sales.data?.pages.flatMap((page) => page.items) ?? [];
  const total = sales.data?.pages[0]?.total;
  const columns: Column<SaleSummaryOut>[] = [
    {
      key: "receipt",
      title: t("receipt"),
      cell: (sale) => (
        <button
          type="button"
          className="hit tabular text-start font-medium"
          onClick={(event) => {
            event.stopPropagation();
            open(sale.id);
          }}
        >
          {sale.receipt_number}
        </button>
      ),
    },
    { key: "time", title: t("time"), cell: (sale) => moment(sale.sold_at) },
    { key: "register", title: t("register"), cell: (sale) => sale.register_name },
    { key: "cashier", title: t("cashier"), cell: (sale) => sale.cashier_name },
    { key: "lines", title: t("lines"), isNumber: true, cell: (sale) => sale.lines_count },
    {
      key: "total",
      title: t("total"),
      isNumber: true,
      cell: (sale) => <Money minor={sale.total_minor} currency={sale.currency} />,
    },
  ];
  const open = (id: string | undefined) => void navigate({ search: defined({ ...search, sale: id }) });
  return (
    <Page
      title={t("title")}
      badge={total !== undefined && <Badge>{t("count", { count: total })}</Badge>}
      actions={
        <Link to="/shifts" className={buttonStyle()}>
          {t("shifts")}
        </Link>
      }
      panel={search.sale !== undefined && <SalePanel saleId={search.sale} onClose={() => open(undefined)} />}
    >
      <Filters filters={filters} onChange={(next) => void navigate({ search: defined({ ...next }) })} />
      {sales.isError ? (
        <ErrorState failure={sales.error} onRetry={() => void sales.refetch()} />
      ) : sales.isPending ? (
        <SkeletonRows />
      ) : rows.length === 0 ? (
        <EmptyState title={t("none")}>{t("noneHint")}</EmptyState>
      ) : (
        <>
          <ListTable
            label={t("title")}
            columns={columns}
            rows={rows}
            keyOf={(sale) => sale.id}
            selected={search.sale}
            onOpen={(sale) => open(sale.id)}
          />
          <NextPage
            hasMore={sales.hasNextPage}
            isLoading={sales.isFetchingNextPage}
            onMore={() => void sales.fetchNextPage()}
          />
        </>
      )}
    </Page>
  );
}

/** Leave out what is not set, so that it does not stand in the address. */
function defined(search: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function SalePanel({ saleId, onClose }: { saleId: string; onClose: () => void }) {
  const t = useTranslations("sales");
  const sale = useSale(saleId);
  return (
    <SidePanel label={sale.data?.receipt_number ?? t("receipt")} kicker={t("receipt")} onClose={onClose}>
      {sale.isError ? (
        <ErrorState failure={sale.error} onRetry={() => void sale.refetch()} />
      ) : sale.isPending ? (
        <SkeletonRows />
      ) : (
        <div className="grid gap-4">
          <Paper sale={sale.data} />
          <Link to="/receipt/$saleId" params={{ saleId }} search={{}} className={buttonStyle("plain", "lg")}>
            {t("openReceipt")}
          </Link>
        </div>
      )}
    </SidePanel>
  );
}
