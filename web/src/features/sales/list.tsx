// The documents behind the figures: sales by business day, store and shift.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { salesOf } from "@/addresses";
import type { SaleSummaryOut } from "@/api";
import { RefundsOfSale } from "@/features/refunds/of-sale";
import { buttonStyle } from "@/ui/button";
import { Columns } from "@/ui/columns";
import { readHidden, shownKeys, writeHidden } from "@/ui/columns-state";
import { ExportLink } from "@/ui/export-link";
import { type Column, ListTable, NextPage } from "@/ui/list";
import { Badge, SkeletonRows } from "@/ui/marks";
import { Money } from "@/ui/money";
import { useNarrow } from "@/ui/narrow";
import { Page, SidePanel } from "@/ui/page";
import { SortHead } from "@/ui/sort-head";
import { EmptyState, ErrorState } from "@/ui/states";

import { Filters } from "./filters";
import { salesExport, type SalesSearch } from "./list-state";
import { Paper } from "./paper";
import { useSale, useSales, useShopMoment } from "./queries";

// A phone has room for what one is found by and its money; the rest is in the receipt that opens.
const IN_THE_RECEIPT = new Set(["register", "cashier", "lines"]);

export function SalesPage() {
  const t = useTranslations("sales");
  const r = useTranslations("refunds");
  const search = useSearch({ from: "/guarded/shell/sales" });
  const navigate = useNavigate({ from: "/sales" });
  const moment = useShopMoment();
  const sales = useSales(search);
  const rows = sales.data?.pages.flatMap((page) => page.items) ?? [];
  const total = sales.data?.pages[0]?.total;
  const sorted = (label: string, first: string, second: string) => (
    <SortHead
      label={label}
      title={t("sortBy", { column: label })}
      first={first}
      second={second}
      sort={search.sort ?? "-sold_at"}
      onSort={(sort) => change({ sort })}
    />
  );
  const columns: (Column<SaleSummaryOut> & { label: string })[] = [
    {
      key: "receipt",
      label: t("receipt"),
      title: sorted(t("receipt"), "-receipt_number", "receipt_number"),
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
    {
      key: "time",
      label: t("time"),
      title: sorted(t("time"), "-sold_at", "sold_at"),
      cell: (sale) => moment(sale.sold_at),
    },
    { key: "register", label: t("register"), title: t("register"), cell: (sale) => sale.register_name },
    { key: "cashier", label: t("cashier"), title: t("cashier"), cell: (sale) => sale.cashier_name },
    { key: "lines", label: t("lines"), title: t("lines"), isNumber: true, cell: (sale) => sale.lines_count },
    {
      key: "total",
      label: t("total"),
      title: sorted(t("total"), "-total_minor", "total_minor"),
      isNumber: true,
      cell: (sale) => <Money minor={sale.total_minor} currency={sale.currency} />,
    },
    {
      key: "refunded",
      label: r("givenBack"),
      title: r("givenBack"),
      isNumber: true,
      cell: (sale) =>
        sale.refunded_minor > 0 ? <Money minor={sale.refunded_minor} currency={sale.currency} /> : "—",
    },
  ];
  const hidden = readHidden(search.columns);
  const isNarrow = useNarrow();
  const change = (next: SalesSearch) =>
    void navigate({ search: defined({ ...search, ...next }), replace: true });
  const open = (id: string | undefined) => void navigate({ search: defined({ ...search, sale: id }) });
  return (
    <Page
      title={t("title")}
      badge={total !== undefined && <Badge>{t("count", { count: total })}</Badge>}
      actions={
        <>
          <Link to="/refunds" className={buttonStyle()}>
            {r("title")}
          </Link>
          <Link to="/shifts" className={buttonStyle()}>
            {t("shifts")}
          </Link>
        </>
      }
      panel={search.sale !== undefined && <SalePanel saleId={search.sale} onClose={() => open(undefined)} />}
    >
      <Filters search={search} onChange={(next) => change({ ...next, sale: undefined })}>
        <Columns
          columns={columns}
          hidden={hidden}
          onChange={(next) => change({ columns: writeHidden(next) })}
        />
        <ExportLink href={salesOf(salesExport(search, shownKeys(columns, hidden)))} />
      </Filters>
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
            columns={columns.map((column) => ({
              ...column,
              isHidden: hidden.has(column.key) || (isNarrow && IN_THE_RECEIPT.has(column.key)),
            }))}
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
function defined(search: SalesSearch): Record<string, string> {
  return Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
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
          <RefundsOfSale sale={sale.data} />
          <Link to="/receipt/$saleId" params={{ saleId }} search={{}} className={buttonStyle("plain", "lg")}>
            {t("openReceipt")}
          </Link>
        </div>
      )}
    </SidePanel>
  );
}
