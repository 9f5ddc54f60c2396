// The documents behind what was given back: refunds by business day, store and shift.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslations } from "use-intl";

import { refundsOf } from "@/addresses";
import type { RefundSummaryOut } from "@/api";
import { Filters } from "@/features/sales/filters";
import { useShopMoment } from "@/features/sales/queries";
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

import { refundsExport, type RefundsSearch } from "./list-state";
import { RefundPaper } from "./paper";
import { useRefund, useRefunds } from "./queries";

type ListColumn = Column<RefundSummaryOut> & { label: string };

// A phone has room for what one is found by and its money; the rest is in the receipt that opens.
const IN_THE_RECEIPT = new Set(["sale", "reason", "register", "cashier", "lines"]);

export function RefundsPage() {
  const t = useTranslations("refunds");
  const search = useSearch({ from: "/guarded/shell/refunds" });
  const navigate = useNavigate({ from: "/refunds" });
  const refunds = useRefunds(search);
  const rows = refunds.data?.pages.flatMap((page) => page.items) ?? [];
  const total = refunds.data?.pages[0]?.total;
  const change = (next: RefundsSearch) =>
    void navigate({ search: defined({ ...search, ...next }), replace: true });
  const open = (id: string | undefined) => void navigate({ search: defined({ ...search, refund: id }) });
  const columns = useColumns(open, search.sort ?? "-refunded_at", (sort) => change({ sort }));
  const hidden = readHidden(search.columns);
  const isNarrow = useNarrow();
  return (
    <Page
      title={t("title")}
      badge={total !== undefined && <Badge>{t("count", { count: total })}</Badge>}
      actions={
        <Link to="/sales" className={buttonStyle()}>
          {t("sales")}
        </Link>
      }
      panel={
        search.refund !== undefined && (
          <RefundPanel refundId={search.refund} onClose={() => open(undefined)} />
        )
      }
    >
      <Filters search={search} onChange={(next) => change({ ...next, refund: undefined })}>
        <Columns
          columns={columns}
          hidden={hidden}
          onChange={(next) => change({ columns: writeHidden(next) })}
        />
        <ExportLink href={refundsOf(refundsExport(search, shownKeys(columns, hidden)))} />
      </Filters>
      {refunds.isError ? (
        <ErrorState failure={refunds.error} onRetry={() => void refunds.refetch()} />
      ) : refunds.isPending ? (
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
            keyOf={(refund) => refund.id}
            selected={search.refund}
            onOpen={(refund) => open(refund.id)}
          />
          <NextPage
            hasMore={refunds.hasNextPage}
            isLoading={refunds.isFetchingNextPage}
            onMore={() => void refunds.fetchNextPage()}
          />
        </>
      )}
    </Page>
  );
}

function useColumns(open: (id: string) => void, sort: string, onSort: (sort: string) => void): ListColumn[] {
  const t = useTranslations("refunds");
  const s = useTranslations("sales");
  const moment = useShopMoment();
  const column = (key: string, label: string, cell: ListColumn["cell"], isNumber = false): ListColumn => ({
    key,
    label,
    title: label,
    cell,
    isNumber,
  });
  const sorted = (by: string, whole: ListColumn): ListColumn => ({
    ...whole,
    title: (
      <SortHead
        label={whole.label}
        title={s("sortBy", { column: whole.label })}
        first={`-${by}`}
        second={by}
        sort={sort}
        onSort={onSort}
      />
    ),
  });
  return [
    sorted(
      "receipt_number",
      column("receipt", s("receipt"), (refund) => (
        <button
          type="button"
          className="hit tabular text-start font-medium"
          onClick={(event) => {
            event.stopPropagation();
            open(refund.id);
          }}
        >
          {refund.receipt_number}
        </button>
      )),
    ),
    sorted(
      "refunded_at",
      column("time", s("time"), (refund) => moment(refund.refunded_at)),
    ),
    column("sale", t("ofSale"), (refund) => (
      <Link
        to="/sales"
        search={{ sale: refund.sale_id }}
        className="hit tabular hover:text-accent hover:underline"
        onClick={(event) => event.stopPropagation()}
      >
        {refund.sale_receipt_number}
      </Link>
    )),
    column("reason", t("reason"), (refund) => refund.reason),
    column("register", s("register"), (refund) => refund.register_name),
    column("cashier", s("cashier"), (refund) => refund.cashier_name),
    column("lines", s("lines"), (refund) => refund.lines_count, true),
    column(
      "amount",
      t("givenBack"),
      (refund) => <Money minor={refund.payable_minor} currency={refund.currency} />,
      true,
    ),
  ];
}

/** Leave out what is not set, so that it does not stand in the address. */
function defined(search: RefundsSearch): Record<string, string> {
  return Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function RefundPanel({ refundId, onClose }: { refundId: string; onClose: () => void }) {
  const t = useTranslations("refunds");
  const s = useTranslations("sales");
  const refund = useRefund(refundId);
  return (
    <SidePanel label={refund.data?.receipt_number ?? t("receipt")} kicker={t("receipt")} onClose={onClose}>
      {refund.isError ? (
        <ErrorState failure={refund.error} onRetry={() => void refund.refetch()} />
      ) : refund.isPending ? (
        <SkeletonRows />
      ) : (
        <div className="grid gap-4">
          <RefundPaper refund={refund.data} />
          <Link
            to="/refund-receipt/$refundId"
            params={{ refundId }}
            search={{}}
            className={buttonStyle("plain", "lg")}
          >
            {s("openReceipt")}
          </Link>
          <Link to="/sales" search={{ sale: refund.data.sale_id }} className={buttonStyle("plain", "lg")}>
            {t("openSale", { number: refund.data.sale_receipt_number })}
          </Link>
        </div>
      )}
    </SidePanel>
  );
}
